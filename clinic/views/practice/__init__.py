"""The pages about the practice itself, with their addresses."""

from django.urls import URLPattern, path

from clinic.views.practice import hours, people, places, report, settings
from clinic.views.practice.frame import PracticeStart

urlpatterns: list[URLPattern] = [
    path("practice/", PracticeStart.as_view(), name="practice"),
    path("practice/details/", settings.Details.as_view(), name="practice_details"),
    path("practice/mail/", settings.Reminders.as_view(), name="practice_reminders"),
    path("practice/mail/sample/", settings.SendSample.as_view(), name="send_sample"),
    path("practice/mail/logo/", settings.PutLogo.as_view(), name="put_logo"),
    path("practice/mail/logo/remove/", settings.RemoveLogo.as_view(), name="remove_logo"),
    path("practice/measuring/", settings.Clinical.as_view(), name="practice_clinical"),
    path("practice/measuring/afresh/", settings.ForgetWays.as_view(), name="forget_ways"),
    path("practice/keeping/", settings.Keeping.as_view(), name="practice_keeping"),
    path("practice/keeping/archive/", settings.ArchivePast.as_view(), name="archive_past"),
    path("practice/keeping/bring-back/", settings.BringBack.as_view(), name="bring_back"),
    path("practice/my-name/", settings.MyName.as_view(), name="my_name"),
    path("practice/people/", people.People.as_view(), name="people"),
    path("practice/people/<uuid:pk>/", people.ChangeMember.as_view(), name="member"),
    path("practice/people/<uuid:pk>/link/", people.Invite.as_view(), name="invite"),
    path("practice/people/<uuid:pk>/leave/", people.Leave.as_view(), name="leave"),
    path("practice/people/<uuid:pk>/come-back/", people.ComeBack.as_view(), name="come_back"),
    path("practice/places/", places.Places.as_view(), name="places"),
    path("practice/places/<uuid:pk>/", places.ChangeLocation.as_view(), name="location"),
    path("practice/places/<uuid:pk>/rooms/", places.AddRoom.as_view(), name="add_room"),
    path("practice/places/<uuid:pk>/remove/", places.RemoveLocation.as_view(), name="remove_location"),
    path("practice/places/<uuid:pk>/restore/", places.RestoreLocation.as_view(), name="restore_location"),
    path("practice/rooms/<uuid:pk>/", places.ChangeRoom.as_view(), name="room"),
    path("practice/rooms/<uuid:pk>/remove/", places.RemoveRoom.as_view(), name="remove_room"),
    path("practice/rooms/<uuid:pk>/restore/", places.RestoreRoom.as_view(), name="restore_room"),
    path("practice/hours/", hours.HoursList.as_view(), name="hours"),
    path("practice/hours/week/", hours.WeekPage.as_view(), name="practice_week"),
    path("practice/hours/week/<uuid:pk>/", hours.WeekPage.as_view(), name="member_week"),
    path("practice/absences/<uuid:pk>/", hours.VisitsInAbsence.as_view(), name="absence"),
    path("practice/absences/<uuid:pk>/remove/", hours.RemoveAbsence.as_view(), name="remove_absence"),
    path("practice/report/", report.PracticeReport.as_view(), name="practice_report"),
    path("practice/report.csv", report.ReportCsv.as_view(), name="practice_report_csv"),
    path("practice/report.json", report.ReportJson.as_view(), name="practice_report_json"),
]
