"""What each command does, one module a command, free of the command line's library but for `command_classes`."""
