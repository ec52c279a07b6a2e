using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Charts;

public sealed class ChangeInPlaceTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Theory]
    [InlineData("Resolved", "2019-03", null, "Resolved 2019-03 2026-03-02")]              // what is over ends today
    [InlineData("Resolved", "2019-03", "2025-12-24", "Resolved 2019-03 2025-12-24")]      // unless a day is named
    [InlineData("Inactive", "2019", "2020", "Inactive 2019 2020")]
    [InlineData("Active", "2019-03", null, "Active 2019-03 ")]
    [InlineData("Active", null, "2024", "Active  ")]                                      // what goes on again ends no longer: the end is the old one, left alone
    [InlineData("Active", null, "2030", "Active  2030")]
    [InlineData("Stopped", null, null, "charts.invalid-entry status"), InlineData("EnteredInError", null, null, "charts.invalid-entry status"), InlineData("", null, null, "charts.invalid-entry status")]
    [InlineData("Active", "2019-13", null, "charts.invalid-entry from"), InlineData("Active", null, "soon", "charts.invalid-entry until")]
    public void Status_and_dates_of_a_problem_follow_each_other(string status, string? from, string? until, string outcome)
    {
        var was = new Entry.Problem { Code = new Concept { Text = "Gout" }, Status = ProblemStatus.Resolved, Abated = Time("2024") };
        var changed = new ChangeInPlace(status, from, until, null).Onto(was, Today);
        Assert.Equal(outcome, changed.IsOk ? changed.Value is Entry.Problem now ? $"{now.Status} {now.Onset} {now.Abated}" : "" : $"{changed.Refusal.Code} {changed.Refusal.Errors.Keys.Single()}");
    }

    [Theory]
    [InlineData("Stopped", "Stopped 2025-01 2026-03-02"), InlineData("Completed", "Completed 2025-01 2026-03-02"), InlineData("OnHold", "OnHold 2025-01 "), InlineData("Resolved", "charts.invalid-entry")]
    public void A_medication_that_is_stopped_ends_today_and_one_on_hold_goes_on(string status, string outcome)
    {
        var was = new Entry.Medication { Code = new Concept { Text = "Sample" }, Status = MedicationStatus.Active, Start = Time("2025-01") };
        var changed = new ChangeInPlace(status, "2025-01", null, null).Onto(was, Today);
        Assert.Equal(outcome, changed.IsOk ? changed.Value is Entry.Medication now ? $"{now.Status} {now.Start} {now.End}" : "" : changed.Refusal.Code);
    }

    [Theory]
    [InlineData(MedicationStatus.Active, "OnHold", "2027"), InlineData(MedicationStatus.OnHold, "Active", "2027"), InlineData(MedicationStatus.Active, "Active", "2027")]
    [InlineData(MedicationStatus.Stopped, "Active", ""), InlineData(MedicationStatus.Active, "Completed", "2027")]
    public void An_end_that_is_known_beforehand_stays_while_nothing_was_over(MedicationStatus before, string status, string end)
    {
        var was = new Entry.Medication { Code = new Concept { Text = "Sample" }, Status = before, End = Time("2027") };
        var changed = new ChangeInPlace(status, null, "2027", null).Onto(was, Today);
        Assert.Equal(end, changed.Value is Entry.Medication now ? $"{now.End}" : null);
    }

    [Fact]
    public async Task A_change_at_the_list_is_a_version_of_its_own_taken_back_by_undo_and_refused_to_who_saw_an_older_one()
    {
        await using var clinic = await TestClinic.OpenAsync(now: "2026-03-02T15:00:00Z");
        var (patient, provider) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider));
        var entry = await AddAsync(provider, patient, """{"kind":"medication","code":{"text":"Ibuprofen 400 mg"},"status":"active","dosages":[{"text":"1 a day"}]}""");
        await AddAsync(provider, patient, """{"kind":"allergy","code":{"text":"Peanut"},"status":"active"}""");

        var stopped = await PostAsync(provider, $"/patients/{patient}/entries/{entry}/in-place", ("version", "1"), ("status", "Stopped"));
        var stale = await PostAsync(provider, $"/patients/{patient}/entries/{entry}/in-place", ("version", "1"), ("status", "OnHold"));
        var desk = await PostAsync(clinic.As(ClinicRole.FrontDesk), $"/patients/{patient}/entries/{entry}/in-place", ("version", "2"), ("status", "Active"));

        Assert.Equal([303, 412, 403], new[] { stopped, stale, desk }.Select(answer => (int)answer.StatusCode));
        Assert.EndsWith($"/chart?chart=changed&of={patient}&e={entry}&v=2", stopped.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("stopped 1 a day 2026-03-02", await SaysAsync(provider, patient, entry));

        // While it was stopped, an allergy came: taking it up again at the list is warned of, with the place for a reason at hand.
        await AddAsync(provider, patient, """{"kind":"allergy","code":{"text":"Aspirin"},"status":"active"}""");
        var warned = await PostAsync(provider, $"/patients/{patient}/entries/{entry}/in-place?from=/patients/{patient}/chart/history", ("version", "2"), ("status", "Active"));
        Assert.Equal((409, true), ((int)warned.StatusCode, (await warned.Content.ReadAsStringAsync()).Contains($"id=\"despite-{entry}\"", StringComparison.Ordinal)));

        // Undo would take it up again too, and has no place for a reason; where one was given it takes that back, and what was accepted may come again.
        var unasked = await PostAsync(provider, $"/patients/{patient}/entries/{entry}/undo", ("version", "2"));
        var despite = await PostAsync(provider, $"/patients/{patient}/entries/{entry}/in-place", ("version", "2"), ("status", "Active"), ("despite", "Stomach upset only"));
        var undone = await PostAsync(provider, $"/patients/{patient}/entries/{entry}/undo", ("version", "3"));
        var again = await PostAsync(provider, $"/patients/{patient}/entries/{entry}/undo", ("version", "3"));
        var accepted = await PostAsync(provider, $"/patients/{patient}/entries/{entry}/undo", ("version", "4"));
        Assert.Equal([409, 303, 303, 412, 303], new[] { unasked, despite, undone, again, accepted }.Select(answer => (int)answer.StatusCode));
        Assert.Equal("active 1 a day ", await SaysAsync(provider, patient, entry));
        Assert.Equal(5, await clinic.OneAsync<int>("select version from entry where id = @id", new { id = Guid.Parse(entry, CultureInfo.InvariantCulture) }));
    }

    private static PartialTime Time(string text) => PartialTime.TryParse(text, out var time) ? time : throw new ArgumentException(text);

    private static async Task<string> AddAsync(HttpClient client, PatientId patient, string content)
    {
        var added = await client.PostAsync($"/api/v1/patients/{patient}/entries", new StringContent($$"""{"content":{{content}}}""", System.Text.Encoding.UTF8, "application/json"));
        return (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<string> SaysAsync(HttpClient client, PatientId patient, string entry)
    {
        var content = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/patients/{patient}/entries/{entry}")).GetProperty("content");
        return $"{content.GetProperty("status").GetString()} {content.GetProperty("dosages")[0].GetProperty("text").GetString()} {(content.TryGetProperty("end", out var end) ? end.GetString() : "")}";
    }

    private static async Task<PatientId> AdmitAsync(TestClinic clinic)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var entered = await PatientRegister.CreateAsync(tx, new Demographics { Names = [new() { Given = ["Jo"], Family = "Lee" }] }, "patient.created", default);
        await tx.CommitAsync(default);
        return entered.Value.Id;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
}
