"""The performance model in PyTorch, number for number as Cadenza has it."""
