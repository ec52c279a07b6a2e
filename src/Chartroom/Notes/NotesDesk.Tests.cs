using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Platform.Identity;
using Chartroom.Scribe;

namespace Chartroom.Notes;

/// <summary>A clinic with a visit, and a second provider who is signed in too.</summary>
public sealed class NotesDesk : IAsyncDisposable
{
    private readonly string token = $"test-{Guid.CreateVersion7():N}";

    private NotesDesk(ReviewDesk desk) => Desk = desk;

    public ReviewDesk Desk { get; }
    public TestClinic Clinic => Desk.Clinic;
    public PatientId Patient => Desk.Patient;
    public StaffId Colleague => Desk.Scheduling.Colleague;

    public static async Task<NotesDesk> OpenAsync(bool isOnTheNet = false)
    {
        var desk = new NotesDesk(await ReviewDesk.OpenAsync(isOnTheNet));
        var (clinic, now) = (desk.Clinic, desk.Clinic.Clock.GetUtcNow());
        await clinic.RowsAsync<int>("insert into platform.person (id, email, name, email_verified_at) values (@Colleague, @email, 'Dr. Ben Osei', now())", new { desk.Colleague, email = $"{desk.Colleague.Value:N}@test.example" });
        await clinic.RowsAsync<int>("insert into platform.membership (clinic_id, person_id, role, mirrored_at) values (@Id, @Colleague, 'provider', now())", new { clinic.Id, desk.Colleague });
        await clinic.RowsAsync<int>("""
            insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, created_at, last_seen_at, expires_at, proved_at)
            values (@id, @hash, @Colleague, @clinic, true, @now, @now, @until, @now)
            """, new { id = Guid.CreateVersion7(), hash = SessionGate.HashOf(desk.token), desk.Colleague, clinic = clinic.Id, now, until = now.AddHours(8) });
        return desk;
    }

    /// <summary>A client of the second provider.</summary>
    public HttpClient AsColleague()
    {
        var client = Clinic.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>The token of the second provider, for a browser's cookie.</summary>
    public string ColleaguesToken => token;

    public HttpClient AsProvider() => Clinic.As(ClinicRole.Provider);

    /// <summary>Sends a form as a browser without script does.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, int? version = null, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent([.. fields.Select(it => KeyValuePair.Create(it.Name, it.Value)), KeyValuePair.Create("idempotency_key", $"{Guid.CreateVersion7()}"),
            .. version is { } seen ? new[] { KeyValuePair.Create("version", $"{seen}") } : []]);
        return await client.PostAsync(path, form);
    }

    public static async Task<string> ShownAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonNode> JsonAsync(HttpClient client, string path) => JsonNode.Parse(await client.GetStringAsync(path))!;

    /// <summary>A template for the visits, a snippet of the clinic, and a note begun by hand.</summary>
    public static async Task FillAsync(ReviewDesk desk)
    {
        await ChooseAsync(desk, "SOAP");
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(admin, "/snippets", null, ("word", ".ros"), ("words", "Denies {fever}."), ("isOfClinic", "true"))).StatusCode);
        var visit = (await desk.Scheduling.BookedAsync("2026-03-04", "10:00"))["id"];
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/visits/{visit}/note", new { }, null, ClinicRole.Provider)).Status);
    }

    /// <summary>Gives the visits' kind that template.</summary>
    public static async Task<Guid> ChooseAsync(ReviewDesk desk, string name)
    {
        var template = await desk.Clinic.OneAsync<Guid>("select id from note_template where name = @name", new { name });
        using var provider = desk.Clinic.As(ClinicRole.Provider);
        var chosen = await PostAsync(provider, "/settings/note-templates/types", null, ("types[0].visitTypeId", $"{desk.Scheduling.VisitType}"), ("types[0].templateId", $"{template}"));
        Assert.Equal(HttpStatusCode.SeeOther, chosen.StatusCode);
        return template;
    }

    /// <summary>Sends JSON as somebody who saw that version.</summary>
    public static async Task<(int Status, JsonNode Body)> SendAsync(HttpClient client, HttpMethod method, string path, object body, int? version = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        if (version is { } seen) request.Headers.TryAddWithoutValidation("If-Match", $"\"{seen}\"");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject());
    }

    public ValueTask DisposeAsync() => Desk.DisposeAsync();
}
