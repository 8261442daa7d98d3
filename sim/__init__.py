"""ExitVoice: an agent-based simulator of customer satisfaction, complaints and churn."""
