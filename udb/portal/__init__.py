"""The portal: pages for the people of institutions and kommuner, for the youth and for STIL, under ``/web``."""
