"""The SMTP dialogue on both sides: clients in front, the two MTAs at the back, bytes between them untouched."""
