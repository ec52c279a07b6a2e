namespace Chartroom.Patients;

/// <summary>Who the clinic's patients are: entering, finding, reading and changing them.</summary>
internal static class PatientsSetup
{
    public static void AddPatients(this IServiceCollection services) =>
        services.AddSingleton<SearchPatientsHandler>().AddSingleton<CreatePatientHandler>();

    public static void MapPatients(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Patients");
        SearchPatientsHandler.MapApi(api);
        CreatePatientHandler.MapApi(api);
    }
}
