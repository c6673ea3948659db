"""What is kept from run to run in the suite's data branch: acceptances and history."""
