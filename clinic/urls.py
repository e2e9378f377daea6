from django.urls import URLPattern, URLResolver, path

from clinic.views import clients, dashboard, elements, reminders

app_name = "clinic"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", dashboard.Dashboard.as_view(), name="dashboard"),
    path("practice/", dashboard.ChoosePractice.as_view(), name="choose_practice"),
    path("clients/", clients.ClientList.as_view(), name="clients"),
    path("clients/new/", clients.AddClient.as_view(), name="add_client"),
    path("clients/<uuid:pk>/", clients.ClientRecord.as_view(), name="client"),
    path("clients/<uuid:pk>/change/", clients.ChangeClient.as_view(), name="change_client"),
    path("clients/<uuid:pk>/archive/", clients.ArchiveClient.as_view(), name="archive_client"),
    path("clients/<uuid:pk>/reminders/start/", clients.StartReminders.as_view(), name="start_reminders"),
    path("clients/<uuid:pk>/mail/refuse/", clients.RefuseMail.as_view(), name="refuse_mail"),
    path("clients/<uuid:pk>/mail/allow/", clients.AllowMail.as_view(), name="allow_mail"),
    path("clients/<uuid:pk>/mail/", reminders.ClientMailView.as_view(), name="client_mail"),
    path("clients/<uuid:pk>/log/", clients.ClientLog.as_view(), name="client_log"),
    path("safety/<uuid:pk>/clear/", clients.ClearAlert.as_view(), name="clear_alert"),
    path("reminders/", reminders.RemindersView.as_view(), name="reminders"),
    path("reminders/seen/", reminders.AllSeenView.as_view(), name="reminders_seen"),
    path("reminders/<uuid:pk>/resend/", reminders.ResendView.as_view(), name="reminder_resend"),
    path("reminders/<uuid:pk>/seen/", reminders.SeenView.as_view(), name="reminder_seen"),
    path("u/<str:token>/", reminders.UnsubscribeView.as_view(), name="unsubscribe"),
    path("elements/", elements.elements, name="elements"),
]
