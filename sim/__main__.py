"""`python -m sim`: the command line, where it must be started through the interpreter, as under MPI."""

from sim.cli import main

if __name__ == "__main__":
    main()
