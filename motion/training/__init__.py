"""Training the generator in torch (extra `train`): windows of a corpus, objective, few-step distillation, checkpoints, export."""
