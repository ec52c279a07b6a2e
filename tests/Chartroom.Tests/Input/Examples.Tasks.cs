using System.Text.Json.Nodes;

namespace Chartroom.Input;

internal sealed partial class Examples
{
    private int recalls;

    private IEnumerable<Example> OfTasks() =>
    [
        new("POST", "/api/v1/tasks", ClinicRole.FrontDesk, true, () => Task.FromResult(new Asked("/api/v1/tasks", TaskBody()))),
        new("PUT", "/api/v1/tasks/{id}", ClinicRole.FrontDesk, true, async () =>
            new($"/api/v1/tasks/{(await PostedAsync(ClinicRole.FrontDesk, "/api/v1/tasks", TaskBody()))["id"]}", TaskBody(), 1)),
        new("POST", "/api/v1/recalls", ClinicRole.FrontDesk, true, () => Task.FromResult(new Asked("/api/v1/recalls", RecallBody()))),
        OfRecall("attempts", """{"how":"call","outcome":"left_message","note":"Voice mail"}"""),
        OfRecall("state", """{"state":"unreachable"}"""),
    ];

    private Example OfRecall(string act, string body) => new("POST", $"/api/v1/recalls/{{id}}/{act}", ClinicRole.FrontDesk, true, async () =>
        new($"/api/v1/recalls/{(await PostedAsync(ClinicRole.FrontDesk, "/api/v1/recalls", RecallBody()))["id"]}/{act}", Json(body), 1));

    private JsonObject TaskBody() => new()
    {
        ["words"] = "Ask for the referral", ["kind"] = "call_back", ["team"] = "front_desk", ["dueOn"] = "2026-03-09", ["priority"] = "high", ["patientId"] = desk.Patient.ToString(),
        ["repeatEvery"] = 2, ["repeatUnit"] = "weeks",
    };

    private JsonObject RecallBody() => new()
    {
        ["patientId"] = desk.Patient.ToString(), ["visitTypeId"] = desk.Scheduling.VisitType.ToString(), ["dueOn"] = new DateOnly(2026, 9, 1).AddDays(recalls++).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        ["providerId"] = desk.Scheduling.Provider.ToString(), ["reason"] = "Yearly look at the knee",
    };
}
