using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>A clinic with a booked visit whose note is to be written.</summary>
public sealed class ReviewDesk : IAsyncDisposable
{
    private readonly SchedulingDesk desk;

    private ReviewDesk(SchedulingDesk desk, AppointmentId visit) => (this.desk, Visit) = (desk, visit);

    /// <summary>Words with clinical facts that no section takes.</summary>
    public const string WithGaps = SampleVisits.Knee + "\n[patient] Oh, and last year I had a dry cough and took amoxicillin once, five hundred milligrams, and my ears were ringing for eleven days.";

    public TestClinic Clinic => desk.Clinic;
    public SchedulingDesk Scheduling => desk;
    public AppointmentId Visit { get; }
    public PatientId Patient => desk.Patient;
    public StaffId Provider => desk.Provider;

    /// <param name="isOnTheNet">True for a browser.</param>
    public static async Task<ReviewDesk> OpenAsync(bool isOnTheNet = false, params string[] settings)
    {
        var desk = await SchedulingDesk.OpenAsync(isOnTheNet: isOnTheNet, settings: settings);
        var booked = await desk.BookedAsync("2026-03-03", "10:00");
        return new ReviewDesk(desk, new(Guid.Parse((string)booked["id"]!)));
    }

    public Task<Reply> SendAsync(string path, object body, int? version, ClinicRole role) => desk.SendAsync(path, body, version, role);

    public Task<JsonObject> GetAsync(string path, ClinicRole role) => desk.GetAsync(path, role);

    public Task<Reply> AddAsync(string text, ClinicRole role = ClinicRole.Provider) => SendAsync($"/api/v1/visits/{Visit}/transcripts", new { text }, null, role);

    /// <summary>Has the note drafted and answers the draft.</summary>
    public async Task<JsonObject> DraftedAsync(string text)
    {
        var added = await AddAsync(text);
        Assert.Equal((201, null), (added.Status, added.Code));
        return await GetAsync($"/api/v1/drafts/{added.Body["draftId"]}", ClinicRole.Provider);
    }

    public Task<Reply> DecideAsync(JsonObject draft, int statement, string kind, int seen = 0, string? text = null, string? reason = null, string? section = null,
        int? seconds = null, ClinicRole role = ClinicRole.Provider) =>
        SendAsync($"/api/v1/drafts/{draft["id"]}/decisions", new { statement, kind, seen, text, reason, section, seconds }, null, role);

    public Task<Reply> AcceptManyAsync(JsonObject draft, params int[] statements) =>
        SendAsync($"/api/v1/drafts/{draft["id"]}/acceptances", new { statements }, null, ClinicRole.Provider);

    /// <summary>Accepts every statement, looking first at those that are flagged.</summary>
    public async Task DecideAllAsync(JsonObject draft)
    {
        foreach (var statement in draft["statements"]!.AsArray())
        {
            var (number, seen) = ((int)statement!["number"]!, 0);
            if ((bool)statement["isFlagged"]!) Assert.Equal(200, (await DecideAsync(draft, number, "opened", seen++)).Status);
            var accepted = await DecideAsync(draft, number, "accepted", seen);
            Assert.Equal(200, accepted.Status);
            if (Statement(accepted.Body, number) is { } told && (string)told["standing"]! == "waiting") Assert.Equal(200, (await DecideAsync(draft, number, "accepted", (int)told["seen"]!)).Status);   // it was planted
        }
    }

    public static JsonObject Statement(JsonObject draft, int number) => draft["statements"]!.AsArray().First(it => (int)it!["number"]! == number)!.AsObject();

    /// <summary>From now on every draft has a planted error.</summary>
    public Task PlantAsync() => Clinic.RowsAsync<int>("update seeding set one_in = 1, version = version + 1");

    /// <summary>Signs as the person who saw that version, or the newest.</summary>
    public async Task<Reply> SignAsync(JsonObject draft, int? version = null, ClinicRole role = ClinicRole.Provider)
    {
        version ??= await Clinic.OneAsync<int>("select version from draft where id = @id", new { id = Guid.Parse((string)draft["id"]!) });
        return await SendAsync($"/api/v1/drafts/{draft["id"]}/signature", new { }, version, role);
    }

    public async Task<(int, string?)> WriteNoteByHandAsync()
    {
        var note = new { content = new { kind = "note", title = "By hand", written = "2026-03-03", sections = Array.Empty<object>() } };
        var reply = await SendAsync($"/api/v1/patients/{Patient}/entries", note, null, ClinicRole.Provider);
        return (reply.Status, reply.Code);
    }

    /// <summary>Signs a draft past every handler: what stops it is the database's.</summary>
    public Task SignBehindItAsync(JsonObject draft) => Clinic.RowsAsync<int>("""
        with closing as (
            insert into decision (id, draft_id, statement, sequence, kind, decided_by, decided_at, policy_version)
            values (gen_random_uuid(), @draft, 0, 1, 'signed', @by, now(), '1')
            returning id
        ), note as (
            insert into entry (id, patient_id, kind, state, content, key_version, recorded_at)
            select gen_random_uuid(), patient_id, 'note', 'final', 'x', 1, now() from draft where id = @draft
            returning id
        )
        update draft set state = 'signed', closing_id = (select id from closing), closed_at = now(), note_id = (select id from note) where id = @draft
        """, new { draft = Guid.Parse((string)draft["id"]!), by = Provider });

    public async Task<string> PageAsync(string path, ClinicRole role)
    {
        using var client = Clinic.As(role);
        return System.Net.WebUtility.HtmlDecode(await client.GetStringAsync(path));
    }

    /// <summary>Sends the form as a browser without script does.</summary>
    public async Task<int> PasteAsync(string text, string key)
    {
        using var client = Clinic.As(ClinicRole.Provider);
        using var form = new FormUrlEncodedContent([new("text", text), new("idempotency_key", key)]);
        return (int)(await client.PostAsync($"/visits/{Visit}/transcripts", form)).StatusCode;
    }

    public async Task<(int Status, string Html)> UploadAsync(string name, byte[] bytes, string key = "")
    {
        using var client = Clinic.As(ClinicRole.Provider);
        using var form = new MultipartFormDataContent { { new StringContent(key), "idempotency_key" }, { new StringContent(""), "text" }, { new ByteArrayContent(bytes), "file", name } };
        using var response = await client.PostAsync($"/visits/{Visit}/transcripts", form);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();
}
