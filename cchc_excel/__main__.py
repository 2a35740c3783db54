"""`python -m cchc_excel`."""

from cchc_excel.cli import main

if __name__ == "__main__":
    main()
