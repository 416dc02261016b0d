"""How people see a result: tables for the shell, pictures, the report. It computes nothing."""
