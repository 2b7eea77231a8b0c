"""What did linguists, editors and the learning scripts write down for the annotators?"""
