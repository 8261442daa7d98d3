"""The readable twin: the same model as the engine, one Mesa agent for each person."""
