"""The command line: thin translations between words on a terminal and use cases."""
