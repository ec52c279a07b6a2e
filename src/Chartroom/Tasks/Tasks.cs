using Chartroom.Patients;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;

namespace Chartroom.Tasks;

/// <summary>What is to be done, and whom to ask in again.</summary>
internal static class TasksSetup
{
    public static IServiceCollection AddTasks(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("task", "words") { VersionColumn = "words_key_version" })
        .AddSingleton(new SealedColumn("task", "own_words") { VersionColumn = "own_words_key_version", OfPatient = null })
        .AddSingleton(new SealedColumn("recall", "reason") { VersionColumn = "reason_key_version" }).AddSingleton(new SealedColumn("recall_attempt", "note") { VersionColumn = "note_key_version" })
        .AddSingleton<RecallListHandler>().AddSingleton<RecallHandler>().AddSingleton<RecallFormHandler>()
        .AddSingleton<TaskListHandler>().AddSingleton<TaskFormHandler>().AddSingleton<WriteTaskHandler>().AddSingleton<CloseTaskHandler>()
        .AddSingleton(new PatientPageSection("Tasks", Permission.SeeAppointments, typeof(PatientTasks)))
        .AddSingleton(new VisitPageSection("Tasks", Permission.SeeAppointments, typeof(VisitTasks)));

    public static void MapTasks(this IEndpointRouteBuilder routes)
    {
        TaskRoutes.Map(routes);
        RecallRoutes.Map(routes);
    }
}
