"""Reports as mail systems write them (RFC 3464, 5965, 3834). `to` is the envelope sender that the mail had."""

DATE = "Wed, 03 Jun 2026 09:30:00 +0000"
ORIGINAL = """\
Return-Path: <{to}>
From: Riverside Bodywork <mail@clinic.example>
To: Ada Brandt <ada@clients.example>
Subject: Your day
Message-ID: <0190@clinic.example>

Hello Ada
"""


def report(to, status, *, sender, text="Sorry.", original=True, part="message/rfc822", name="<dsn-1@mx.example>"):
    attached = f"--B\nContent-Type: {part}\n\n{ORIGINAL.format(to=to)}\n" if original else ""
    return (
        f"Return-Path: <>\nFrom: {sender}\nTo: {to}\nDate: {DATE}\nMessage-ID: {name}\nSubject: Undelivered\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        f"--B\nContent-Type: text/plain; charset=us-ascii\n\n{text}\n"
        f"--B\nContent-Type: message/delivery-status\n\n{status}\n{attached}--B--\n"
    ).encode()


def postfix(to, code="5.1.1", action="failed", **more):
    status = (
        "Reporting-MTA: dns; mx.clinic.example\nX-Postfix-Queue-ID: 4F1\nX-Postfix-Sender: rfc822; x@clinic.example\n"
        f"Arrival-Date: {DATE}\n\nFinal-Recipient: rfc822; ada@clients.example\n"
        f"Original-Recipient: rfc822;ada@clients.example\nAction: {action}\nStatus: {code}\n"
        f"Remote-MTA: dns; mx.clients.example\nDiagnostic-Code: smtp; 550 {code} Recipient address rejected\n"
    )
    return report(to, status, sender="MAILER-DAEMON@mx.clinic.example (Mail Delivery System)", **more)


def exim(to):
    """Exim's status is always 5.0.0; what is known stands in the diagnostic. The headers only of what was sent."""
    status = (
        "Reporting-MTA: dns; mx.clinic.example\n\nAction: failed\nFinal-Recipient: rfc822;ada@clients.example\n"
        "Status: 5.0.0\nRemote-MTA: dns; mx.clients.example\nDiagnostic-Code: smtp; 550-5.1.1 no such user\n 550 bye\n"
    )
    return report(
        to, status, sender="Mail Delivery System <Mailer-Daemon@mx.clinic.example>", part="text/rfc822-headers"
    )


def gmail(to):
    status = (
        "Reporting-MTA: dns; googlemail.com\nArrival-Date: Wed, 03 Jun 2026 02:30:00 -0700 (PDT)\n"
        "X-Original-Message-ID: <0190@clinic.example>\n\nFinal-Recipient: rfc822; ada@clients.example\nAction: failed\n"
        "Status: 5.1.1\nRemote-MTA: dns; gmail-smtp-in.l.google.com.\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Try\n"
        " 550-5.1.1 checking the recipient's email address for typos or\n 550 5.1.1 unnecessary spaces. - gsmtp\n"
        "Last-Attempt-Date: Wed, 03 Jun 2026 02:30:01 -0700 (PDT)\n"
    )
    sender = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    return report(to, status, sender=sender, text="** Address not found **")


def exchange(to):
    status = (
        "Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.exchangelabs.com\nReceived-From-MTA: dns;mx.clinic.example\n"
        f"Arrival-Date: {DATE}\n\nFinal-Recipient: rfc822;ada@clients.example\nAction: failed\nStatus: 5.1.10\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\n"
    )
    return report(to, status, sender="postmaster@clients.example", original=False)


def qmail(to, said="550 5.1.1 unknown"):
    """No report, but a letter."""
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.clients.example\nTo: {to}\nSubject: failure notice\nDate: {DATE}\n\n"
        "Hi. This is the qmail-send program.\nI'm afraid I wasn't able to deliver your message.\n\n"
        f"<ada@clients.example>:\n192.0.2.55 does not like recipient.\nRemote host said: {said}\nGiving up.\n"
    ).encode()


def complaint(to, kind="abuse"):
    """Goes to an address of its own; only the mail that was complained about says which it is."""
    return (
        f"From: <fbl@isp.example>\nTo: <abuse@clinic.example>\nDate: {DATE}\nMessage-ID: <arf-1@isp.example>\n"
        "Subject: FW: Your day\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="B"\n\n'
        "--B\nContent-Type: text/plain\n\nThis is an email abuse report.\n"
        f"--B\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: FBL/1.0\nVersion: 1\n"
        f"Original-Mail-From: <{to}>\n"
        f"--B\nContent-Type: message/rfc822\n\n{ORIGINAL.format(to=to)}\n--B--\n"
    ).encode()


def holiday_note(to):
    return (
        f"Return-Path: <>\nFrom: Ada Brandt <ada@clients.example>\nTo: {to}\nSubject: Automatic reply: Your day\n"
        f"Date: {DATE}\nAuto-Submitted: auto-generated\n\nI am away until 5.1.1 or so; in urgent cases call 550 1234.\n"
    ).encode()


def receipt(to):
    """A note that the mail was opened (RFC 8098): nobody's business."""
    return (
        f"From: ada@clients.example\nTo: {to}\nSubject: Read: Your day\nDate: {DATE}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="B"\n\n'
        "--B\nContent-Type: text/plain\n\nRead.\n--B\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822;ada@clients.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--B--\n"
    ).encode()
