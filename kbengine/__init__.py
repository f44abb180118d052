"""The engine of the webcare knowledge base: texts, vouching, finding and shaping answers."""
