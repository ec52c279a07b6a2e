using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace Chartroom.Isolation;

/// <summary>
/// Whoever may open charts asks for one patient's things under another patient's address, by every route that goes by a patient. The answer is that of a thing that
/// never was, and nothing is written.
/// </summary>
public sealed class OtherPatientTests(ITestOutputHelper output)
{
    private static readonly object[] Writable =
    [
        new { kind = "problem", code = new { text = "Cough" }, status = "active", verification = "confirmed" },
        new { kind = "allergy", code = new { text = "Latex" }, status = "active", verification = "confirmed" },
        new { kind = "medication", code = new { text = "Ibuprofen" }, status = "active", isReported = true },
        new { kind = "vital", status = "final", what = new { code = new { text = "Pulse" } }, taken = "2026-03-02" },
    ];

    /// <summary>In the suite, places that no route reads an id from are tried with one thing each.</summary>
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("CHARTROOM_ISOLATION_TRIES") is { Length: > 0 };

    private readonly List<string> leaks = [];
    private IReadOnlyList<(string Table, Guid Id)> belongings = [];
    private int tries;

    [Fact]
    public async Task TEN_3_What_belongs_to_another_patient_and_what_does_not_exist_are_answered_alike_and_nothing_is_written()
    {
        await using var clinic = await Victim.OpenAsync();
        var allergy = await AddAsync(clinic, clinic.Patient, Writable[1], null);
        Assert.Equal(StatusCodes.Status201Created, allergy.Status);
        var theirs = belongings = await clinic.OfPatientAsync(clinic.Patient);
        Assert.True(theirs.Count >= 6, string.Join(' ', theirs));
        var routes = (await SweptRoute.AllAsync(clinic.Clinic)).Where(route => route.IsUnderPatient).ToList();
        var before = await clinic.FingerprintAsync(withoutTrail: true);
        using (var provider = clinic.Clinic.As(ClinicRole.Provider))   // under the right patient it is there
            Assert.Contains("Latex", await provider.GetStringAsync(allergy.Text.Split(' ')[0]), StringComparison.Ordinal);

        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk })
            foreach (var route in routes)
                foreach (var place in route.IdsInPath > 1 ? new[] { 0, 1, 2, 3 } : [1, 2, 3])
                    foreach (var thing in IsWhole || place == 0 ? theirs : [theirs[(place + (int)role) % theirs.Count]]) await CompareAsync(clinic, route, place, thing, role);
        foreach (var (table, id) in theirs)
            foreach (var content in Writable)
            {
                var (foreign, nothing) = (await AddAsync(clinic, clinic.Other, content, id), await AddAsync(clinic, clinic.Other, content, Guid.CreateVersion7()));
                Judge($"a {content} in {table} of another patient", id, foreign, nothing);
                if (foreign.Status < 400) leaks.Add($"a {content} was put into {table} of another patient");
            }

        output.WriteLine($"{tries} attempts over {routes.Count} routes that go by a patient, with {theirs.Count} ids of another patient of the clinic: {leaks.Count} leaks or differences");
        Assert.True(leaks.Count == 0, string.Join('\n', leaks.Distinct().Take(60)));
        // Any words are a private note, so some were written about the patient in the address: of that one alone, and nothing else anywhere.
        Assert.Equal(WithoutPrivateNotes(before), WithoutPrivateNotes(await clinic.FingerprintAsync(withoutTrail: true)));
        foreach (var table in new[] { "private_note", "private_note_version" })
            Assert.Equal([clinic.Other.Value], await clinic.Clinic.RowsAsync<Guid>($"select distinct patient_id from {table}"));
    }

    private static IEnumerable<string> WithoutPrivateNotes(string fingerprint) => fingerprint.Split('\n').Where(line => !line.StartsWith("private_note", StringComparison.Ordinal));

    private async Task CompareAsync(Victim clinic, SweptRoute route, int place, (string Table, Guid Id) theirs, ClinicRole role)
    {
        using var client = clinic.Clinic.Anonymous();
        var (token, nobodys) = (clinic.Clinic.TokenOf(role), Guid.CreateVersion7());
        var foreign = await SendAsync(client, route.Ask(place, theirs.Id, nobodys, token, clinic.Other.Value));
        var nothing = await SendAsync(client, route.Ask(place, nobodys, nobodys, token, clinic.Other.Value));
        Judge($"{role}: {route.Name} with {theirs.Table} at {place}", theirs.Id, foreign, nothing);
    }

    private void Judge(string what, Guid asked, (int Status, string Text) foreign, (int Status, string Text) nothing)
    {
        if (foreign.Status >= 500) leaks.Add($"{what}: {foreign.Status}");
        if (foreign.Status != nothing.Status) leaks.Add($"{what}: {foreign.Status}, what does not exist {nothing.Status}");
        else if (!IsTrail(what) && SweptRoute.Neutral(foreign.Text) != SweptRoute.Neutral(nothing.Text)) leaks.Add($"{what}: answered differently");
        if (!IsTrail(what) && belongings.FirstOrDefault(it => it.Id != asked && foreign.Text.Contains(it.Id.ToString(), StringComparison.OrdinalIgnoreCase)) is { Table: { } shown }) leaks.Add($"{what}: an id of {shown}");
    }

    /// <summary>Whoever asks for the accounting stands in it the next time, and so does what they asked for in vain.</summary>
    private static bool IsTrail(string what) => what.Contains("/disclosures", StringComparison.Ordinal);

    private async Task<(int Status, string Text)> AddAsync(Victim clinic, PatientId patient, object content, Guid? encounterId)
    {
        using var client = clinic.Clinic.Anonymous();
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/patients/{patient}/entries") { Content = JsonContent.Create(new { content, encounterId }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", clinic.Clinic.TokenOf(ClinicRole.Provider));
        return await SendAsync(client, request);
    }

    private async Task<(int Status, string Text)> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        tries++;
        using var sent = request;
        using var answer = await client.SendAsync(sent);
        return ((int)answer.StatusCode, $"{answer.Headers.Location} {await answer.Content.ReadAsStringAsync()}");
    }
}
