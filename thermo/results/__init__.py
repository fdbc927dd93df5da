"""What a run leaves behind: fields, indexes, checkpoints, history, and reading them back."""
