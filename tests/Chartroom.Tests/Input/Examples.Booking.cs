namespace Chartroom.Input;

internal sealed partial class Examples
{
    /// <summary>The public doors of booking. They are refused (giving back what nobody holds is none): a right example would need a secret of its own, and the limits of the page would end the second.</summary>
    private IEnumerable<Example> OfBooking() =>
    [
        OfPage("holds", $$"""{"kind":"new","type":"{{desk.Scheduling.VisitType}}","at":"{{desk.Scheduling.Location}}","time":"2026-03-05T15:00:00Z","with":"{{desk.Provider}}","after":"not-a-token"}"""),
        OfPage("holds/look-up", NoToken), OfPage("holds/code", NoToken), OfPage("holds/release", NoToken, isTaken: true),
        OfPage("holds/details", """
            {"token":"not-a-token","details":{"given":"Mara","family":"Quill","birthDate":"1980-03-04","phone":"(603) 555-0111","email":"mara@example.com","consent":true,"reason":"Cough","website":null}}
            """),
        OfPage("holds/book", """{"token":"not-a-token","code":"000000"}"""),
        OfPage("visits/prove", """{"token":"not-a-token","birthDate":"1980-03-04"}"""),
        OfPage("visits/look-up", NoPass), OfPage("visits/confirm", NoPass), OfPage("visits/undo-cancel", NoPass), OfPage("visits/calendar", NoPass),
        OfPage("visits/cancel", """{"token":"not-a-token","pass":"not-a-pass","reason":"patient_request"}"""),
        OfPage("visits/times", """{"token":"not-a-token","pass":"not-a-pass","from":"2026-03-05"}"""),
        OfPage("visits/move", """{"token":"not-a-token","pass":"not-a-pass","time":"2026-03-05T15:00:00Z"}"""),
    ];

    private const string NoPass = """{"token":"not-a-token","pass":"not-a-pass"}""";

    private Example OfPage(string act, string body, bool isTaken = false) => new("POST", $"/api/v1/booking/{{slug}}/{act}", null, isTaken, () => Task.FromResult(new Asked($"/api/v1/booking/t-{Clinic.Id.Value:N}/{act}", Json(body))));
}
