"""The questionnaire: its questions, what makes one be asked, what the estate answers by itself. Knows no database."""
