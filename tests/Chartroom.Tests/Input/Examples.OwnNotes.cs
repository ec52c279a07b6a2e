using System.Text.Json.Nodes;

namespace Chartroom.Input;

internal sealed partial class Examples
{
    private IEnumerable<Example> OfOwnNotes() =>
    [
        new("POST", "/api/v1/patients/{id}/private-notes", ClinicRole.Provider, true, () => Task.FromResult(new Asked($"/api/v1/patients/{desk.Patient}/private-notes", Private()))),
        new("PUT", "/api/v1/private-notes/{id}", ClinicRole.Provider, true, async () =>
            new($"/api/v1/private-notes/{(await PostedAsync(ClinicRole.Provider, $"/api/v1/patients/{desk.Patient}/private-notes", Private()))["id"]}", Private(), 1)),
        new("POST", "/api/v1/visits/{id}/orders", ClinicRole.Provider, true, async () =>
            new($"/api/v1/visits/{(await VisitAsync())["id"]}/orders", Json("""{"kind":"test","words":"Complete blood count","purpose":"tiredness","despite":null}"""))),
    ];

    private static JsonObject Private() => new() { ["text"] = "Dreams of the sea again" };
}
