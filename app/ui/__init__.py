"""The only home of Qt: the look, the shell, the screens, the models and the toasts."""
