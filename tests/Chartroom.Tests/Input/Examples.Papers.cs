namespace Chartroom.Input;

internal sealed partial class Examples
{
    private static readonly Guid AtVisits = Guid.Parse("0199c0de-0000-7000-8000-000000000001"), Once = Guid.Parse("0199c0de-0000-7000-8000-000000000002"), ChangedPaper = Guid.Parse("0199c0de-0000-7000-8000-000000000003");

    private IEnumerable<Example> OfPapers() =>
    [
        new("POST", "/api/v1/clinic/papers", ClinicRole.Admin, true, () => Task.FromResult(new Asked("/api/v1/clinic/papers", Json(PaperOf($"Consent {Guid.CreateVersion7():N}"))))),
        new("PUT", "/api/v1/clinic/papers/{id}", ClinicRole.Admin, true, async () =>
        {
            await ListedAsync(ChangedPaper, "once");
            return new($"/api/v1/clinic/papers/{ChangedPaper}", Json(PaperOf("Photo permission")), await VersionAsync("paper", $"{ChangedPaper}"));
        }),
        new("POST", "/api/v1/visits/{id}/papers/receipts", ClinicRole.FrontDesk, true, async () =>
        {
            await ListedAsync(AtVisits, "visit");
            return new($"/api/v1/visits/{(await VisitAsync())["id"]}/papers/receipts", Json($$"""{"paperIds":["{{AtVisits}}"],"how":"declined","note":"Wants to read it at home","receivedOn":"2026-03-01"}"""));
        }),
        new("POST", "/api/v1/patients/{id}/papers/receipts", ClinicRole.FrontDesk, true, async () =>
        {
            await ListedAsync(Once, "once");
            return new($"/api/v1/patients/{desk.Patient}/papers/receipts", Json($$"""{"paperIds":["{{Once}}"],"how":"signed","note":"Copy given","receivedOn":"2026-03-01"}"""));
        }),
    ];

    private string PaperOf(string name) => $$"""{"name":"{{name}}","asked":"months","months":12,"patients":"new","visitTypeIds":["{{desk.Scheduling.VisitType}}"]}""";

    private async Task ListedAsync(Guid paper, string asked) => await Clinic.RowsAsync<int>(
        "insert into paper (id, name, asked, patients, is_for_all_types) values (@paper, 'Paper ' || @paper, @asked, 'all', true) on conflict on constraint paper_pkey do nothing returning 1", new { paper, asked });
}
