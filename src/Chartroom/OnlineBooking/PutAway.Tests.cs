using System.Net;
using Chartroom.Patients;

namespace Chartroom.OnlineBooking;

public sealed class PutAwayOnlineTests
{
    private const string Ten = "2026-03-05T15:00:00Z", Eleven = "2026-03-05T16:00:00Z", Email = "ana@mail.example";

    [Theory]
    [InlineData("new"), InlineData("existing")]
    public async Task SCH_3_Who_fits_a_patient_that_was_put_away_is_entered_anew_and_is_told_what_any_stranger_is_told(string kind)
    {
        await using var online = await OnlineDesk.OpenAsync();
        var away = await online.AdmitAsync("Ana", "Vega", "1980-03-04", Email, "303 555 0123");
        await PutAwayAsync(online, away);
        var before = await RowOfAsync(online, away);

        var told = await online.BookAsync(online.Browser(), Ten, OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email), kind);
        var stranger = await online.BookAsync(online.Browser(), Eleven, OnlineDesk.Person("Ben", "Stranger", "1971-07-08", "ben@mail.example", "303 555 0199"), kind);

        Assert.Equal(Bare(stranger.Html), Bare(told.Html));
        Assert.Equal(Bare((await online.MailsAsync("ben@mail.example"))[^1].Body), Bare((await online.MailsAsync(Email))[^1].Body));
        Assert.Equal((0L, 2L, 4L), (await online.Clinic.OneAsync<long>("select count(*) from appointment where patient_id = @away", new { away = away.Value }),
            await online.Clinic.OneAsync<long>("select count(distinct patient_id) from appointment where status = 'booked'"), await online.Clinic.OneAsync<long>("select count(*) from patient")));
        Assert.Equal([(true, 0), (true, 0)], await online.Clinic.RowsAsync<(bool, int)>("select is_new_patient, cardinality(alike) from online_booking"));   // nor is the desk shown a chart that is out of use
        Assert.Equal(before, await RowOfAsync(online, away));
        Assert.Equal(["patient.created", "patient.put-away"], await online.Clinic.RowsAsync<string>("select distinct action from audit_event where @away = any(patient_ids) order by action", new { away = away.Value }));
    }

    [Fact]
    public async Task SCH_3_The_link_to_a_cancelled_visit_ends_when_its_patient_is_put_away()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        await online.BookAsync(browser, Ten, OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email));
        var link = await online.LinkAsync(Email);
        await browser.PostAsync(link, ("birthDate", "1980-03-04"));
        Assert.NotNull((await browser.PostAsync($"{link}/cancel")).Location);
        await PutAwayAsync(online, await online.Clinic.OneAsync<PatientId>("select patient_id from appointment"));

        var unknown = await online.Browser().OpenAsync($"/visit/{new string('A', 43)}");
        Assert.Equal((HttpStatusCode.Gone, unknown.Title), ((await browser.OpenAsync(link)) is var page ? page.Status : default, page.Title));   // who had it open sees no more than who has not
        foreach (var act in new[] { "undo-cancel", "confirm", "cancel" }) Assert.Equal(HttpStatusCode.Gone, (await browser.PostAsync($"{link}/{act}")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await online.Browser().PostAsync(link, ("birthDate", "1980-03-04"))).Status);
        Assert.Equal("cancelled", await online.Clinic.OneAsync<string>("select status from appointment"));
    }

    private static async Task PutAwayAsync(OnlineDesk online, PatientId patient)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/patients/{patient}?reason=duplicate");
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        Assert.Equal(HttpStatusCode.NoContent, (await online.Clinic.As(ClinicRole.FrontDesk).SendAsync(request)).StatusCode);
    }

    private static Task<string> RowOfAsync(OnlineDesk online, PatientId patient) => online.Clinic.OneAsync<string>("select patient::text from patient where id = @patient", new { patient = patient.Value });

    /// <summary>Without the hour, which is another, and whatever is random.</summary>
    private static string Bare(string text) => System.Text.RegularExpressions.Regex.Replace(text.Replace("11:00", "10:00", StringComparison.Ordinal).Replace("T16:00", "T15:00", StringComparison.Ordinal), "[A-Za-z0-9_-]{43,}|[A-Za-z]+@mail\\.example|nonce=\"[^\"]+\"", "…");
}
