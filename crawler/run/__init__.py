"""How is a crawl started, listened to, ended, and begun again every night?"""
