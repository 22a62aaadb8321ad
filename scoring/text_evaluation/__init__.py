"""How well text is read, measured on labelled texts beside two baselines."""
