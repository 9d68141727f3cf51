"""Flashcards for Anki, made from the reference and from card files in every language."""
