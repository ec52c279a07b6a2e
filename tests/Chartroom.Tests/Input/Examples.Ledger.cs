using System.Text.Json.Nodes;

namespace Chartroom.Input;

internal sealed partial class Examples
{
    private IEnumerable<Example> OfLedger() =>
    [
        OfAccount("charges", ClinicRole.FrontDesk, """{"cents":12000,"what":"Copy of records"}"""),
        OfAccount("payments", ClinicRole.FrontDesk, """{"cents":4500,"method":"check","reference":"No. 1044"}"""),
        new("POST", "/api/v1/patients/{id}/adjustments", ClinicRole.Admin, true, async () =>
        {
            await PostedAsync(ClinicRole.FrontDesk, $"/api/v1/patients/{desk.Patient}/charges", Json("""{"cents":12000,"what":"Copy of records"}"""));
            return new($"/api/v1/patients/{desk.Patient}/adjustments", Json("""{"cents":100,"reason":"Hardship"}"""));
        }),
        new("POST", "/api/v1/patients/{id}/refunds", ClinicRole.Admin, true, async () =>
        {
            await PostedAsync(ClinicRole.FrontDesk, $"/api/v1/patients/{desk.Patient}/payments", Json("""{"cents":4500,"method":"cash"}"""));
            return new($"/api/v1/patients/{desk.Patient}/refunds", Json("""{"cents":100,"method":"cash","reason":"Paid twice","reference":"Till 2"}"""));
        }),
        new("POST", "/api/v1/postings/{id}/reversal", ClinicRole.FrontDesk, true, async () =>
        {
            var charge = await PostedAsync(ClinicRole.FrontDesk, $"/api/v1/patients/{desk.Patient}/charges", Json("""{"cents":12000,"what":"Copy of records"}"""));
            return new($"/api/v1/postings/{charge["id"]}/reversal", Json("""{"reason":"Wrong patient"}"""));
        }),
        new("PUT", "/api/v1/ledger/rules", ClinicRole.Admin, true, async () => new("/api/v1/ledger/rules",
            Json($$"""{"currency":"USD","usualCharges":[{"visitTypeId":"{{desk.Scheduling.VisitType}}","cents":12000}]}"""), await Clinic.OneAsync<int>("select version from ledger_rules"))),
    ];

    private Example OfAccount(string act, ClinicRole role, string body) =>
        new("POST", $"/api/v1/patients/{{id}}/{act}", role, true, () => Task.FromResult(new Asked($"/api/v1/patients/{desk.Patient}/{act}", Json(body))));
}
