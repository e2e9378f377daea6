"""What mail services post when something became of a mail: shapes as they document them, made for one mail."""

import base64
import datetime
import hashlib
import hmac
import json
import uuid

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SECRET = "a-secret-of-twenty-letters"
BASIC = {"Authorization": "Basic " + base64.b64encode(f"events:{SECRET}".encode()).decode()}
SIGNING_KEY = "mailgun-signing-key"
AT = datetime.datetime(2026, 6, 3, 9, 30, tzinfo=datetime.UTC)


class Service:
    """`post(what, row)` gives the body, the content type and the headers of one report."""

    settings: dict = {}

    def post(self, what, row, to="ada@clients.example"):
        body = json.dumps(self.body(what, row, to))
        return body, "application/json", {**BASIC, **self.signature(body)}

    def signature(self, body):
        return {}

    def forged(self, body):
        """Headers of somebody who does not know the secret."""
        return {"Authorization": "Basic " + base64.b64encode(b"events:wrong").decode()}


class Postmark(Service):
    name, source = "postmark", "Postmark"

    def body(self, what, row, to):
        common = {"MessageID": str(uuid.UUID(int=1)), "ServerID": 23, "Metadata": {"reminder": str(row.pk)}}
        if what == "delivered":
            return {
                **common, "RecordType": "Delivery", "Recipient": to, "DeliveredAt": AT.isoformat(),
                "Details": "smtp;250 OK",
            }  # fmt: skip
        if what == "opened":
            return {**common, "RecordType": "Open", "Recipient": to, "ReceivedAt": AT.isoformat(), "FirstOpen": True}
        complaint, soft = what == "complained", what == "soft"
        return {
            **common,
            "RecordType": "SpamComplaint" if complaint else "Bounce",
            "ID": {"bounced": 4323372036854775807, "soft": 1, "complained": 2}[what],
            "Type": "SpamComplaint" if complaint else "SoftBounce" if soft else "HardBounce",
            "TypeCode": 512 if complaint else 4096 if soft else 1,
            "Email": to,
            "From": "mail@clinic.example",
            "BouncedAt": AT.isoformat(),
            "Details": "smtp;452 4.2.2 Mailbox full" if soft else "smtp;550 5.1.1 The email account does not exist.",
            "Inactive": not soft,
            "CanActivate": True,
            "Subject": "Your day",
        }


class Mailgun(Service):
    name, source = "mailgun", "Mailgun"
    settings = {"MAILGUN_API_KEY": "k", "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}

    def body(self, what, row, to):
        token, stamp = hashlib.sha256(what.encode()).hexdigest()[:50], str(int(AT.timestamp()))
        hard = what == "bounced"
        data = {
            "event": {"bounced": "failed", "soft": "failed"}.get(what, what),
            "timestamp": AT.timestamp(),
            "id": "CPgfbmQMTCKtHW6uIWtuVe",
            "recipient": to,
            "user-variables": {"reminder": str(row.pk)},
            "message": {"headers": {"message-id": f"{row.pk}@clinic.example", "to": to, "subject": "Your day"}},
            "log-level": "error",
        }
        if what in ("bounced", "soft"):
            # What Mailgun calls temporary it tries again; a full mailbox becomes permanent in the end.
            data |= {"severity": "permanent", "reason": "bounce" if hard else "generic"}
            data["delivery-status"] = {
                "code": 550 if hard else 552, "enhanced-code": "5.1.1" if hard else "5.2.2",
                "message": "No such user" if hard else "Mailbox full", "attempt-no": 1, "description": "",
            }  # fmt: skip
        signed = hmac.new(SIGNING_KEY.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
        return {"signature": {"token": token, "timestamp": stamp, "signature": signed}, "event-data": data}

    def post(self, what, row, to="ada@clients.example"):
        return json.dumps(self.body(what, row, to)), "application/json", {}

    def forged(self, body):
        return BASIC  # and the body's signature is wrong


class SendGrid(Service):
    name, source = "sendgrid", "SendGrid"
    names = {"bounced": "bounce", "soft": "bounce", "complained": "spamreport", "opened": "open"}
    key = ec.generate_private_key(ec.SECP256R1())
    settings = {
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": base64.b64encode(
            key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        ).decode()
    }  # fmt: skip

    def body(self, what, row, to):
        event = {
            "email": to, "timestamp": int(AT.timestamp()), "smtp-id": f"<{row.pk}@clinic.example>",
            "sg_event_id": f"{what}-ZGVsaXZlcmVk", "sg_message_id": "14c5d75ce93.dfd.64b469", "ip": "192.0.2.1",
            "event": self.names.get(what, what),
            "reminder": str(row.pk),
        }  # fmt: skip
        if what == "bounced":
            event |= {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 unknown"}
        if what == "soft":
            event |= {"type": "blocked", "status": "5.2.2", "reason": "552 5.2.2 full"}
        return [event]

    def signature(self, body):
        stamp = str(int(AT.timestamp()))
        signed = self.key.sign(stamp.encode() + body.encode(), ec.ECDSA(hashes.SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signed).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        }

    def forged(self, body):
        return {**BASIC, **self.signature("something else")}


class AmazonSES(Service):
    name, source = "amazon_ses", "Amazon SES"

    def body(self, what, row, to):
        kind = {"delivered": "Delivery", "complained": "Complaint", "opened": "Open"}.get(what, "Bounce")
        event = {
            "eventType": kind,
            "mail": {
                "timestamp": AT.isoformat(), "messageId": "00000137860315fd-34208509-5b74-000000",
                "destination": [to], "headersTruncated": False,
                "headers": [{"name": "X-Metadata", "value": json.dumps({"reminder": str(row.pk)})}],
            },
        }  # fmt: skip
        hard = what == "bounced"
        if kind == "Bounce":
            event["bounce"] = {
                "bounceType": "Permanent" if hard else "Transient",
                "bounceSubType": "General" if hard else "MailboxFull",
                "bouncedRecipients": [
                    {"emailAddress": to, "action": "failed", "status": "5.1.1" if hard else "4.2.2"}
                ],
                "timestamp": AT.isoformat(), "feedbackId": "f",
            }  # fmt: skip
        if kind == "Delivery":
            event["delivery"] = {"timestamp": AT.isoformat(), "recipients": [to], "smtpResponse": "250 ok"}
        if kind == "Complaint":
            event["complaint"] = {
                "complainedRecipients": [{"emailAddress": to}], "timestamp": AT.isoformat(), "feedbackId": "f",
                "complaintFeedbackType": "abuse",
            }  # fmt: skip
        return {
            "Type": "Notification", "MessageId": str(uuid.uuid5(row.pk, what)), "Timestamp": AT.isoformat(),
            "TopicArn": "arn:aws:sns:eu-central-1:1:t", "Message": json.dumps(event), "SignatureVersion": "1",
        }  # fmt: skip

    def signature(self, body):
        sent = json.loads(body)
        return {"X-Amz-Sns-Message-Type": sent["Type"], "X-Amz-Sns-Message-Id": sent["MessageId"]}

    def forged(self, body):
        return {**super().forged(body), **self.signature(body)}


class Brevo(Service):
    name, source = "brevo", "Brevo"

    def body(self, what, row, to):
        return {
            "event": {"bounced": "hard_bounce", "soft": "soft_bounce", "complained": "spam"}.get(what, what),
            "email": to, "id": 1, "ts_epoch": int(AT.timestamp() * 1000), "message-id": "<201@smtp-relay.example>",
            "X-Mailin-custom": json.dumps({"reminder": str(row.pk)}),
            "reason": "550 5.1.1 unknown" if what == "bounced" else "",
        }  # fmt: skip


class Resend(Service):
    name, source = "resend", "Resend"

    def body(self, what, row, to):
        # Resend gives metadata back as a header of the mail.
        kinds = {"bounced": "Permanent", "soft": "Transient"}
        body = {
            "type": "email.bounced" if what in kinds else f"email.{what}", "created_at": AT.isoformat(),
            "data": {
                "created_at": AT.isoformat(), "email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "to": [to],
                "subject": "Your day", "from": "mail@clinic.example",
                "headers": [{"name": "X-Metadata", "value": json.dumps({"reminder": str(row.pk)})}],
            },
        }  # fmt: skip
        if what in kinds:
            body["data"]["bounce"] = {"message": "The recipient's server refused it.", "type": kinds[what]}
        return body


ALL = [Postmark(), Mailgun(), SendGrid(), AmazonSES(), Brevo(), Resend()]
