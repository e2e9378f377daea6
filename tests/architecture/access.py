"""Who may open what: one line per page. A page without a line fails `test_access_matrix`.

Each line: the arguments of the address, and what each person gets on GET (on POST where the page takes only POST).
People, in this order everywhere:
"""

from dataclasses import dataclass

PEOPLE = (
    "anonymous", "stranger", "elsewhere", "receptionist", "therapist", "owner", "own_client", "other_client",
)  # fmt: skip


@dataclass(frozen=True)
class Expect:
    """Status codes in the order of PEOPLE; `args` name things of `tests.architecture.world.World`."""

    codes: tuple[int, ...]
    args: tuple[str, ...] = ()
    post: bool = False
    query: str = ""  # appended to the address; {name} is a thing of the world
    form: str = ""  # what a POST sends, as in an address
    body: str = ""  # JSON of a POST to the API; %(name)s is a thing of the world

    def __post_init__(self) -> None:
        assert len(self.codes) == len(PEOPLE)


#          anonymous  stranger elsewhere receptionist therapist owner own_client other_client
STAFF = (302, 403, 200, 200, 200, 200, 403, 403)
STAFF_ROW = (302, 403, 404, 200, 200, 200, 403, 403)
STAFF_ACT = (302, 403, 404, 302, 302, 302, 403, 403)
CLINICIANS = (302, 403, 200, 403, 200, 200, 403, 403)
CLINICIANS_ROW = (302, 403, 404, 403, 200, 200, 403, 403)
CLINICIANS_ACT = (302, 403, 404, 403, 302, 302, 403, 403)
OWNER_PAGE = (302, 403, 403, 403, 403, 200, 403, 403)
OWNER_ROW = (302, 403, 403, 403, 403, 200, 403, 403)
OWNER_ACT = (302, 403, 403, 403, 403, 302, 403, 403)
LINK = (200,) * 8  # whoever holds the signed link
LINK_ACT = (302,) * 8
NOBODY = (404,) * 8

API_LIST = (401, 200, 200, 200, 200, 200, 200, 200)
API_STAFF_ROW = (401, 404, 404, 200, 200, 200, 200, 404)
API_STAFF_ACT = (401, 403, 404, 200, 200, 200, 403, 403)
API_VISIT_ROW = (401, 404, 404, 200, 200, 200, 404, 404)  # clients see no diary yet
API_SHARED_ROW = (401, 404, 404, 404, 200, 200, 200, 404)
API_CLINICIANS_ROW = (401, 404, 404, 404, 200, 200, 404, 404)
API_CLINICIANS_ACT = (401, 403, 404, 403, 200, 200, 403, 403)

PAGES = {
    "clinic:dashboard": Expect(STAFF),
    "clinic:attention": Expect(STAFF),
    "clinic:put_off": Expect(STAFF_ACT, ("attention",), post=True),
    "clinic:take_up": Expect(STAFF_ACT, ("attention",), post=True),
    "clinic:choose_practice": Expect((302, 403, 302, 302, 302, 302, 403, 403), post=True),
    "clinic:practice": Expect(STAFF),
    "clinic:practice_details": Expect(OWNER_PAGE),
    "clinic:practice_reminders": Expect(OWNER_PAGE),
    "clinic:send_sample": Expect(OWNER_ACT, post=True),
    "clinic:practice_clinical": Expect(OWNER_PAGE),
    "clinic:forget_ways": Expect(OWNER_ACT, post=True),
    "clinic:practice_keeping": Expect(OWNER_PAGE),
    "clinic:archive_past": Expect(OWNER_ACT, post=True),
    "clinic:bring_back": Expect(OWNER_ACT, post=True),
    "clinic:my_name": Expect(STAFF),
    "clinic:people": Expect(OWNER_PAGE),
    "clinic:member": Expect(OWNER_ROW, ("member",)),
    "clinic:invite": Expect(OWNER_ACT, ("member",), post=True),
    "clinic:leave": Expect(OWNER_ROW, ("member",)),
    "clinic:come_back": Expect(OWNER_ACT, ("member",), post=True),
    "clinic:places": Expect(OWNER_PAGE),
    "clinic:location": Expect(OWNER_ROW, ("location",)),
    "clinic:add_room": Expect(OWNER_ACT, ("location",), post=True, form="name=Attic"),
    "clinic:remove_location": Expect(OWNER_ACT, ("location",), post=True),
    "clinic:restore_location": Expect(OWNER_ACT, ("location",), post=True),
    "clinic:room": Expect(OWNER_ROW, ("room",)),
    "clinic:remove_room": Expect(OWNER_ACT, ("room",), post=True),
    "clinic:restore_room": Expect(OWNER_ACT, ("room",), post=True),
    "clinic:hours": Expect(STAFF),
    "clinic:practice_week": Expect(OWNER_PAGE),
    "clinic:member_week": Expect(OWNER_ROW, ("member",)),
    "clinic:absence": Expect(STAFF_ROW, ("absence",)),
    "clinic:remove_absence": Expect(OWNER_ACT, ("absence",), post=True),
    "clinic:practice_report": Expect(STAFF),
    "clinic:practice_report_csv": Expect(STAFF),
    "clinic:practice_report_json": Expect(STAFF),
    "clinic:clients": Expect(STAFF),
    "clinic:add_client": Expect(STAFF),
    "clinic:client": Expect(STAFF_ROW, ("client",)),
    "clinic:change_client": Expect(STAFF_ROW, ("client",)),
    "clinic:archive_client": Expect(STAFF_ACT, ("client",), post=True),
    "clinic:restore_client": Expect(STAFF_ACT, ("client",), post=True),
    "clinic:remove_passkeys": Expect(STAFF_ACT, ("client",), post=True),
    "clinic:stop_reminders": Expect(STAFF_ACT, ("client",), post=True),
    "clinic:pause_reminders": Expect(STAFF_ACT, ("client",), post=True),
    "clinic:add_files": Expect(CLINICIANS_ACT, ("client",), post=True),
    "clinic:download_file": Expect(CLINICIANS_ROW, ("file",)),
    "clinic:describe_file": Expect(CLINICIANS_ACT, ("file",), post=True, form="about=a+letter"),
    "clinic:remove_file": Expect(CLINICIANS_ACT, ("file",), post=True),
    "clinic:restore_file": Expect(CLINICIANS_ACT, ("file",), post=True),
    "clinic:search": Expect(STAFF, query="?q=ada"),
    "clinic:shortcuts": Expect(STAFF),
    "clinic:start_reminders": Expect(STAFF_ACT, ("client",), post=True),
    "clinic:refuse_mail": Expect(STAFF_ACT, ("client",), post=True),
    "clinic:allow_mail": Expect(STAFF_ACT, ("client",), post=True),
    "clinic:client_mail": Expect(STAFF_ROW, ("client",)),
    "clinic:client_log": Expect((302, 403, 403, 403, 403, 200, 403, 403), ("client",)),
    "clinic:clear_alert": Expect(CLINICIANS_ROW, ("alert",)),
    "clinic:elements": Expect(NOBODY),
    "clinic:reminders": Expect(STAFF),
    "clinic:reminder_resend": Expect(STAFF_ACT, ("reminder",), post=True),
    "clinic:reminders_seen": Expect((302, 403, 302, 302, 302, 302, 403, 403), post=True),
    "clinic:reminders_unseen": Expect((302, 403, 302, 302, 302, 302, 403, 403), post=True),
    "clinic:reminder_seen": Expect(STAFF_ACT, ("reminder",), post=True),
    "clinic:preferences": Expect(LINK, ("portal_token",)),
    "clinic:later_today": Expect((422,) * 8, ("portal_token",), post=True, form="way=never"),
    "clinic:not_today": Expect(LINK_ACT, ("portal_token",), post=True),
    "clinic:today_as_usual": Expect(LINK_ACT, ("portal_token",), post=True),
    "clinic:pause_mails": Expect((422,) * 8, ("portal_token",), post=True, form="until=2001-01-01"),
    "clinic:stop_mails": Expect(LINK_ACT, ("portal_token",), post=True),
    "clinic:start_mails": Expect(LINK_ACT, ("portal_token",), post=True),
    "clinic:mail_sample": Expect(LINK, ("portal_token", "detail")),
    "clinic:logo": Expect(LINK, ("logo",)),
    "clinic:put_logo": Expect((302, 403, 403, 403, 403, 422, 403, 403), post=True),
    "clinic:remove_logo": Expect(OWNER_ACT, post=True),
    "treatments:send_sample": Expect(CLINICIANS_ACT, ("programme",), post=True),
    "clinic:unsubscribe": Expect(LINK, ("unsubscribe_token",)),
    "clinic:duplicates": Expect(CLINICIANS),
    "clinic:compare_clients": Expect(CLINICIANS_ROW, ("client", "twin")),
    "clinic:merge_clients": Expect(CLINICIANS_ROW, ("client", "twin")),
    "clinic:keep_apart": Expect(CLINICIANS_ACT, ("client", "twin"), post=True),
    "clinic:own_data": Expect(LINK, ("portal_token",)),
    "clinic:messages": Expect(STAFF_ROW, ("client",)),
    "clinic:messages_read": Expect(STAFF_ACT, ("client",), post=True, form="seen={message}"),
    "clinic:portal_messages": Expect(LINK, ("portal_token",)),
    "clinic:portal_messages_read": Expect(LINK_ACT, ("portal_token",), post=True),
    "clinic:portal_passkey": Expect(LINK, ("portal_token",)),
    "clinic:portal_passkey_begin": Expect((422,) * 8, ("portal_token",), post=True),  # this client logs in otherwise
    "clinic:portal_passkey_remove": Expect(LINK_ACT, ("portal_token",), post=True),
    "clinic:passkey_added": Expect(LINK, ("passkey_token",)),
    "clinic:diary": Expect(STAFF),
    "clinic:diary_week": Expect(STAFF),
    "clinic:book_visit": Expect(STAFF),
    "clinic:find_clients": Expect(STAFF, query="?words=very"),
    "clinic:calendar": Expect(STAFF),
    "clinic:new_calendar": Expect((302, 403, 302, 302, 302, 302, 403, 403), post=True),
    "clinic:calendar_feed": Expect(LINK, ("calendar_token",)),
    "clinic:visit": Expect(STAFF_ROW, ("visit",)),
    "clinic:move_visit": Expect(STAFF_ACT, ("visit",), post=True, form="revision=1&note=A+secret+note"),
    "clinic:cancel_visit": Expect(STAFF_ACT, ("visit",), post=True, form="revision=1"),
    "clinic:visit_no_show": Expect(STAFF_ACT, ("visit",), post=True, form="revision=1"),
    "clinic:visit_came": Expect(STAFF_ACT, ("visit",), post=True, form="revision=1"),
    "clinic:restore_visit": Expect(STAFF_ACT, ("visit",), post=True, form="revision=1"),
    "intake:start": Expect(LINK, ("intake_token",)),
    "intake:thanks": Expect(LINK_ACT, ("intake_token",)),
    "intake:page": Expect(LINK_ACT, ("intake_token", "first_page")),  # to the door, as for all of these
    "intake:save": Expect(LINK_ACT, ("intake_token", "first_page"), post=True),
    "intake:stop": Expect(LINK_ACT, ("intake_token", "first_page")),
    "intake:new_link": Expect(LINK_ACT, ("intake_token",), post=True),
    "intake:send": Expect(STAFF_ACT, ("client",), post=True),
    "intake:choose_form": Expect(STAFF_ROW, ("client",)),
    "intake:here": Expect(CLINICIANS_ACT, ("client",), post=True),
    "intake:answer_condition": Expect(CLINICIANS_ACT, ("client",), post=True, form="condition=osteoporosis&answer=no"),
    "intake:revoke": Expect(STAFF_ACT, ("request",), post=True),
    "intake:intake": Expect(CLINICIANS_ROW, ("response",)),
    "intake:rescreen_read": Expect(CLINICIANS_ROW, ("rescreen",)),
    "intake:forms": Expect(STAFF),
    "intake:new_form": Expect((302, 403, 302, 403, 302, 302, 403, 403), post=True, form="title=New"),
    "intake:shipped_default": Expect((302, 403, 302, 403, 302, 302, 403, 403), post=True),
    "intake:form_version": Expect(STAFF_ROW, ("form_version",)),
    "intake:form": Expect(CLINICIANS_ACT, ("form",)),
    "intake:form_page": Expect(CLINICIANS_ROW, ("form", "form_page")),
    "intake:keep_form_page": Expect((302, 403, 404, 403, 422, 422, 403, 403), ("form", "form_page"), post=True),
    "intake:put_back": Expect(CLINICIANS_ACT, ("form",), post=True),
    "intake:preview_form": Expect(STAFF_ROW, ("form",)),
    "intake:preview_form_page": Expect(STAFF_ROW, ("form", "form_page")),
    "intake:preview_shipped": Expect(STAFF, ("shipped_form",)),
    "intake:preview_shipped_page": Expect(STAFF, ("shipped_form", "shipped_page")),
    "intake:form_scores": Expect(CLINICIANS_ROW, ("form",)),
    "intake:keep_form_scores": Expect(CLINICIANS_ROW, ("form",), post=True),
    "intake:translate_form": Expect(CLINICIANS_ROW, ("form", "language")),
    "intake:keep_form_words": Expect(CLINICIANS_ROW, ("form", "language"), post=True),
    "intake:publish_form": Expect(CLINICIANS_ROW, ("form",)),
    "intake:form_versions": Expect(STAFF_ROW, ("form",)),
    "intake:default_form": Expect(CLINICIANS_ACT, ("form",), post=True),
    "intake:retire_form": Expect(CLINICIANS_ACT, ("form",), post=True),
    "intake:use_form_again": Expect(CLINICIANS_ACT, ("form",), post=True),
    "assessments:new": Expect(CLINICIANS_ROW, ("client",)),
    "assessments:preview_new": Expect(CLINICIANS_ROW, ("client",), post=True),
    "assessments:autosave_new": Expect(CLINICIANS_ROW, ("client",), post=True, form="note=Kept"),
    "assessments:autosave": Expect(CLINICIANS_ROW, ("draft",), post=True, form="note=Kept&revision=1"),
    "assessments:progress": Expect(CLINICIANS_ROW, ("client",)),
    "assessments:assessment": Expect(CLINICIANS_ROW, ("assessment",)),
    "assessments:edit": Expect(CLINICIANS_ROW, ("draft",)),
    "assessments:preview_edit": Expect(CLINICIANS_ROW, ("draft",), post=True),
    "assessments:sign": Expect(CLINICIANS_ACT, ("draft",), post=True),
    "assessments:entered_in_error": Expect(CLINICIANS_ROW, ("assessment",)),
    "assessments:accept": Expect(CLINICIANS_ACT, ("draft",), post=True),
    "assessments:decide": Expect(CLINICIANS_ACT, ("finding",), post=True, form="decision=accepted"),
    "assessments:fill_questionnaire": Expect(CLINICIANS_ROW, ("client", "questionnaire_key")),
    "assessments:ask_questionnaires": Expect(CLINICIANS_ACT, ("client",), post=True, form="questionnaire=nprs"),
    "assessments:withdraw_questionnaire": Expect(CLINICIANS_ACT, ("asked",), post=True),
    "assessments:portal_questionnaire": Expect(LINK, ("portal_token", "asked")),
    "assessments:portal_question": Expect(LINK, ("portal_token", "asked", "one")),
    "assessments:questionnaire": Expect(CLINICIANS_ROW, ("questionnaire",)),
    "assessments:questionnaire_in_error": Expect(CLINICIANS_ROW, ("questionnaire",)),
    "assessments:import": Expect(CLINICIANS),
    "assessments:protocol": Expect(CLINICIANS),
    "assessments:protocol_finding": Expect(OWNER_PAGE, ("code",)),
    "assessments:protocol_pack": Expect(OWNER_PAGE),
    "assessments:protocol_shipped": Expect(OWNER_PAGE),
    "assessments:protocol_versions": Expect(CLINICIANS),
    "assessments:protocol_version": Expect(CLINICIANS_ROW, ("pack",)),
    "assessments:protocol_download": Expect(CLINICIANS_ROW, ("pack",)),
    "treatments:new_programme": Expect(CLINICIANS_ROW, ("client",), query="?assessment={assessment}"),
    "treatments:programme": Expect(CLINICIANS_ROW, ("programme",)),
    "treatments:preview": Expect(CLINICIANS_ROW, ("planned",)),
    "treatments:preview_page": Expect(CLINICIANS_ROW, ("planned",)),
    "treatments:preview_mail": Expect(CLINICIANS_ROW, ("planned",)),
    "treatments:paper": Expect(CLINICIANS_ROW, ("planned",)),
    "treatments:versions": Expect(CLINICIANS_ROW, ("client",)),
    "treatments:put_back": Expect(CLINICIANS_ACT, ("planned",), post=True, form="item=none"),
    "treatments:start_from": Expect(CLINICIANS_ACT, ("programme",), post=True),
    "treatments:move_item": Expect(CLINICIANS_ACT, ("planned_item",), post=True, form="to=0"),
    "treatments:add_item": Expect(CLINICIANS_ACT, ("planned",), post=True, form="exercise=bridge&reason=A+reason."),
    "treatments:publish": Expect(CLINICIANS_ACT, ("planned",), post=True),
    "treatments:swap_item": Expect(
        CLINICIANS_ACT, ("planned_item",), post=True, form="exercise=standing_hip_flexor_stretch"
    ),
    "treatments:end": Expect(CLINICIANS_ACT, ("programme",), post=True, form="because=done"),
    "treatments:change_item": Expect((302, 403, 404, 403, 422, 422, 403, 403), ("planned_item",), post=True),
    "treatments:remove_item": Expect(CLINICIANS_ROW, ("planned_item",)),
    "treatments:give_back": Expect(CLINICIANS_ACT, ("programme",), post=True),
    "treatments:smaller": Expect(LINK, ("portal_token",)),
    "treatments:release": Expect(CLINICIANS_ACT, ("programme",), post=True),
    "treatments:decide_painful": Expect(CLINICIANS_ACT, ("log",), post=True, form="what=restart"),
    "treatments:mark_seen": Expect(CLINICIANS_ACT, ("log",), post=True),
    "treatments:notes": Expect(CLINICIANS_ROW, ("client",)),
    "treatments:new_note": Expect(CLINICIANS_ROW, ("client",)),
    "treatments:keep_new_note": Expect(CLINICIANS_ROW, ("client",), post=True, form="subjective=Stiff"),
    "treatments:note": Expect(CLINICIANS_ROW, ("note",)),
    "treatments:edit_note": Expect(CLINICIANS_ROW, ("note_draft",)),
    "treatments:keep_note": Expect(CLINICIANS_ROW, ("note_draft",), post=True, form="revision=1"),
    "treatments:merge_note": Expect(
        (302, 403, 404, 403, 409, 409, 403, 403), ("note_draft",), post=True, form="revision=1"
    ),
    "treatments:cosign_note": Expect((302, 403, 404, 403, 422, 302, 403, 403), ("note_waiting",), post=True),
    "treatments:return_note": Expect(
        (302, 403, 404, 403, 422, 302, 403, 403), ("note_waiting",), post=True, form="text=Say+more"
    ),
    "treatments:amend_note": Expect(CLINICIANS_ACT, ("note",), post=True, form="text=And+this"),
    "treatments:note_in_error": Expect(CLINICIANS_ACT, ("note",), post=True, form="text=Another+client"),
    "treatments:discard_note": Expect(CLINICIANS_ACT, ("note_draft",), post=True),
    "treatments:snippets": Expect(CLINICIANS),
    "treatments:change_snippet": Expect(CLINICIANS_ROW, ("snippet",)),
    "treatments:put_back_snippet": Expect((302, 403, 302, 403, 302, 302, 403, 403), post=True, form="phrase=none"),
    "treatments:remove_snippet": Expect(CLINICIANS_ACT, ("snippet",), post=True),
    "treatments:portal": Expect(LINK, ("portal_token",)),
    "treatments:portal_manifest": Expect(LINK, ("portal_token",)),
    "treatments:portal_worker": Expect(LINK, ("portal_token",)),
    "treatments:portal_kept": Expect(LINK, ("portal_token",)),
    "treatments:portal_phone": Expect(LINK, ("portal_token",)),
    "treatments:portal_sync": Expect(
        LINK, ("portal_token",), post=True, body='{"sent_at": "2026-01-31T10:00:00Z", "taps": []}'
    ),
    "intake:rescreen": Expect(LINK, ("portal_token",)),
    "intake:rescreen_said": Expect(LINK, ("portal_token", "rescreen")),
    "treatments:portal_paper": Expect(LINK, ("portal_token",)),
    "treatments:portal_progress": Expect(LINK, ("portal_token",)),
    "treatments:portal_pain": Expect((422,) * 8, ("portal_token",), post=True),  # without a number
    "treatments:portal_item": Expect(LINK, ("portal_token", "item")),
    "api:client-list": Expect(API_LIST),
    "api:client-detail": Expect(API_STAFF_ROW, ("client",)),
    "api:client-refuse-mail": Expect(API_STAFF_ACT, ("client",), post=True, body="{}"),
    "api:client-allow-mail": Expect(API_STAFF_ACT, ("client",), post=True, body="{}"),
    "api:message-list": Expect(API_LIST),
    "api:message-detail": Expect(API_STAFF_ROW, ("message",)),
    "api:message-read": Expect(API_STAFF_ACT, ("message",), post=True, body="{}"),
    "api:visit-list": Expect(API_LIST),
    "api:visit-detail": Expect(API_VISIT_ROW, ("visit",)),
    "api:visit-cancel": Expect(API_STAFF_ACT, ("visit",), post=True, body='{"revision": 1}'),
    "api:visit-no-show": Expect(API_STAFF_ACT, ("visit",), post=True, body='{"revision": 1}'),
    "api:visit-came": Expect(API_STAFF_ACT, ("visit",), post=True, body='{"revision": 1}'),
    "api:visit-restore": Expect(API_STAFF_ACT, ("visit",), post=True, body='{"revision": 1}'),
    "api:intake-list": Expect(API_LIST),
    "api:intake-detail": Expect(API_SHARED_ROW, ("response",)),
    "api:assessment-list": Expect(API_LIST),
    "api:assessment-detail": Expect(API_CLINICIANS_ROW, ("assessment",)),
    "api:assessment-sign": Expect(API_CLINICIANS_ACT, ("draft",), post=True, body="{}"),
    "api:assessment-entered-in-error": Expect(API_CLINICIANS_ACT, ("assessment",), post=True, body="{}"),
    "api:assessment-changes": Expect(API_CLINICIANS_ROW, query="?client={client}"),
    "api:finding-list": Expect(API_LIST),
    "api:finding-detail": Expect(API_CLINICIANS_ROW, ("finding",)),
    "api:finding-decide": Expect(API_CLINICIANS_ACT, ("finding",), post=True, body='{"decision": "accepted"}'),
    "api:practice-list": Expect((401, 404, 200, 200, 200, 200, 404, 404)),
    "api:protocol-list": Expect(API_LIST),
    "api:protocol-detail": Expect(API_CLINICIANS_ROW, ("pack",)),
    "api:protocol-in-force": Expect((401, 404, 200, 404, 200, 200, 404, 404)),
    "api:questionnaire-list": Expect(API_LIST),
    "api:questionnaire-detail": Expect(API_CLINICIANS_ROW, ("questionnaire",)),
    "api:questionnaire-entered-in-error": Expect(API_CLINICIANS_ACT, ("questionnaire",), post=True, body="{}"),
    "api:programme-list": Expect(API_LIST),
    "api:programme-item-detail": Expect(API_SHARED_ROW, ("item",)),
    "api:programme-item-list": Expect(
        (401, 403, 404, 403, 201, 201, 403, 403),
        post=True,
        body='{"programme": "%(planned)s", "exercise": "walking", "reason": "asked her"}',
    ),
    "api:programme-item-remove": Expect(
        (401, 403, 404, 403, 204, 204, 403, 403), ("planned_item",), post=True, body='{"reason": "not now"}'
    ),
    "api:programme-detail": Expect(API_SHARED_ROW, ("programme",)),
    "api:programme-publish": Expect((401, 403, 404, 403, 400, 400, 403, 403), ("planned",), post=True, body="{}"),
    "api:programme-put-back": Expect(
        (401, 403, 404, 403, 400, 400, 403, 403), ("planned",), post=True, body='{"item": "%(client)s"}'
    ),
    "api:programme-release": Expect((401, 403, 404, 403, 400, 400, 403, 403), ("programme",), post=True, body="{}"),
    "api:programme-start-from": Expect((401, 403, 404, 403, 201, 201, 403, 403), ("programme",), post=True, body="{}"),
    "api:programme-item-move": Expect(API_CLINICIANS_ACT, ("planned_item",), post=True, body='{"to": 0}'),
    "api:programme-end": Expect(API_CLINICIANS_ACT, ("programme",), post=True, body='{"because": "done"}'),
    "api:adherence-list": Expect(API_LIST),
    "api:adherence-detail": Expect(API_SHARED_ROW, ("log",)),
    "api:session-note-list": Expect(API_LIST),
    "api:session-note-detail": Expect(API_CLINICIANS_ROW, ("note",)),
    "api:session-note-sign": Expect((401, 403, 404, 403, 200, 400, 403, 403), ("note_draft",), post=True, body="{}"),
    "api:session-note-cosign": Expect(
        (401, 403, 404, 403, 400, 200, 403, 403), ("note_waiting",), post=True, body="{}"
    ),
    "api:session-note-return": Expect(
        (401, 403, 404, 403, 400, 200, 403, 403), ("note_waiting",), post=True, body='{"text": "Say more"}'
    ),
    "api:session-note-amend": Expect(API_CLINICIANS_ACT, ("note",), post=True, body='{"text": "And this"}'),
    "api:session-note-entered-in-error": Expect(
        API_CLINICIANS_ACT, ("note",), post=True, body='{"text": "Another client"}'
    ),
    "api:schema": Expect((200,) * 8),
    "api:docs": Expect((200,) * 8),
    "api:token": Expect((400,) * 8, post=True),
    "mail_events": Expect(NOBODY, ("first_page",), post=True),  # no mail service is set
    "healthz": Expect((200,) * 8),
    "reminders_health": Expect((503,) * 8),  # nothing runs in a test
    "metrics": Expect(NOBODY),
}
