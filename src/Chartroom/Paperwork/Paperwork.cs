using Chartroom.Patients;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.Paperwork;

/// <summary>Papers that a clinic wants of its patients: what paperwork adds to the program and which routes it has.</summary>
internal static class PaperworkSetup
{
    public static IServiceCollection AddPaperwork(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("paper_receipt", "note") { VersionColumn = "note_key_version" })
        .AddSingleton<PaperBook>().AddSingleton<Lists>().AddSingleton<VisitPapersHandler>().AddSingleton<PatientPapersHandler>().AddSingleton<ReceivePapersHandler>()
        .AddSingleton(new VisitPageSection("Forms", Permission.SeeAppointments, typeof(VisitForms)) { InPanel = typeof(PanelForms) })
        .AddSingleton(new PatientPageSection("Forms", Permission.SeeAppointments, typeof(PatientForms)))
        .AddSingleton(new PageToast(typeof(PaperToast)));

    public static void MapPaperwork(this IEndpointRouteBuilder routes)
    {
        SettingsRoutes.Map(routes);
        PaperRoutes.Map(routes);
    }
}
