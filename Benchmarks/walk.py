"""Reads every file below FOLDER, as a search does."""

import os
import sys

for folder, _, files in os.walk(sys.argv[1]):
    for name in files:
        with open(os.path.join(folder, name), "rb", buffering=0) as file:
            file.read()
