"""What is checked before the first message leaves by the target: DNS, asked through a resolver that is handed in.

Imports no Django. Whatever has no answer is not known; nothing here takes silence for yes.
"""
