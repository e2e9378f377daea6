"""Charts drawn on the server as SVG: pure Python, coloured by class (css/charts.css), read without colour too.

Left is an open mark and right a filled one, each with its letter; a change inside the measurement error is grey-blue
and square. Every chart says its data in words (`title`, `desc`), and its page has them as a table.
"""
