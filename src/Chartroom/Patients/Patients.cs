using Chartroom.Platform.Vault;

namespace Chartroom.Patients;

/// <summary>Who the clinic's patients are: entering, finding, reading and changing them.</summary>
internal static class PatientsSetup
{
    public static void AddPatients(this IServiceCollection services) => services
        .AddSingleton<SearchPatientsHandler>().AddSingleton<CreatePatientHandler>().AddSingleton<LikelyTwinsHandler>()
        .AddSingleton(new SealedColumn("patient", "demographics") { OfPatient = "id = @patient", Place = "'demographics.' || version" })
        .AddSingleton(new SealedColumn("patient_version", "demographics") { CellTable = "patient", Row = "patient_id", Place = "'demographics.' || version" })
        .AddSingleton<ReadPatientHandler>().AddSingleton<EditPatientHandler>().AddSingleton<ListPatientsHandler>()
        .AddSingleton<PutAwayPatientHandler>().AddSingleton<RestorePatientHandler>().AddSingleton(new Shell.PageToast(typeof(PatientToast)));

    public static void MapPatients(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Patients");
        ListPatientsHandler.MapApi(api);
        SearchPatientsHandler.MapApi(api);
        CreatePatientHandler.MapApi(api);
        ReadPatientHandler.MapApi(api);
        EditPatientHandler.MapApi(api);
        PutAwayPatientRoutes.Map(routes);
        PatientPages.Map(routes);
    }
}
