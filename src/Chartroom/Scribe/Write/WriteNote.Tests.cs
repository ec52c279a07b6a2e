using System.Net;
using System.Text.Json.Nodes;
using Chartroom.Notes;
using Npgsql;

namespace Chartroom.Scribe;

public sealed class WriteNoteTests
{
    private static object Words(params string[] words) => new { sections = words.Select(text => new { text }) };

    private static async Task<JsonNode> BegunAsync(NotesDesk desk, object visit, string template = "SOAP")
    {
        await NotesDesk.ChooseAsync(desk.Desk, template);
        var begun = await NotesDesk.SendAsync(desk.AsProvider(), HttpMethod.Post, $"/api/v1/visits/{visit}/note", new { });
        Assert.Equal(201, begun.Status);
        return await NotesDesk.JsonAsync(desk.AsProvider(), $"/api/v1/visits/{visit}/note");
    }

    [Fact]
    public async Task CHT_1_A_note_is_written_by_hand_in_the_visits_template_saved_signed_once_and_kept()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var (mine, visit, note) = (desk.AsProvider(), desk.Desk.Visit, $"/api/v1/visits/{desk.Desk.Visit}/note");
        var sheet = await BegunAsync(desk, visit);
        Assert.Equal(["Subjective", "Objective", "Assessment", "Plan"], sheet["sections"]!.AsArray().Select(it => (string)it!["heading"]!));
        Assert.Contains("Why they came", await NotesDesk.ShownAsync(mine, $"/visits/{visit}/note"), StringComparison.Ordinal);
        Assert.Equal((409, "scribe.being-written"), ((await desk.Desk.AddAsync(SampleVisits.Knee)) is var add ? (add.Status, add.Code) : default));
        Assert.Equal((422, "scribe.nothing-written"), Told(await NotesDesk.SendAsync(mine, HttpMethod.Post, note + "/signature", new { }, 1)));

        Assert.Equal((200, 2), Version(await NotesDesk.SendAsync(mine, HttpMethod.Put, note, Words("Knee hurts", "", "", "Rest"), 1)));
        Assert.Equal(412, (await NotesDesk.SendAsync(mine, HttpMethod.Put, note, Words("Lost"), 1)).Status);   // somebody else was faster
        Assert.Equal((422, "scribe.invalid-writing"), Told(await NotesDesk.SendAsync(mine, HttpMethod.Put, note, Words(new string('x', 20_001)), 2)));
        Assert.Equal(403, (await NotesDesk.SendAsync(desk.Clinic.As(ClinicRole.Admin), HttpMethod.Put, note, Words("Not mine"), 2)).Status);
        Assert.Contains("Go on writing", await NotesDesk.ShownAsync(mine, $"/visits/{visit}"), StringComparison.Ordinal);

        var signed = await NotesDesk.SendAsync(mine, HttpMethod.Post, note + "/signature", Words("Knee hurts", "Swollen", "", "Rest"), 2);
        Assert.Equal(200, signed.Status);
        var shown = await NotesDesk.ShownAsync(mine, $"/notes/{signed.Body["noteId"]}");
        foreach (var words in new[] { "Knee hurts", "Swollen", "Rest", "Written by hand in the template SOAP, signed by Dr. Ada Hart" }) Assert.Contains(words, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Assessment", shown, StringComparison.Ordinal);   // left empty
        Assert.Contains("Swollen", await NotesDesk.ShownAsync(desk.AsColleague(), $"/patients/{desk.Patient}/chart/notes"), StringComparison.Ordinal);
        Assert.Equal((409, "scribe.already-signed"), Told(await NotesDesk.SendAsync(mine, HttpMethod.Post, $"/api/v1/visits/{visit}/note", new { })));
        Assert.Equal((409, "scribe.already-signed"), ((await desk.Desk.AddAsync(SampleVisits.Knee)) is var late ? (late.Status, late.Code) : default));
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>("update written_note set state = 'open', note_id = null"))).SqlState);
    }

    [Fact]
    public async Task CHT_1_A_discarded_note_by_hand_comes_back_as_it_was()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var (mine, path) = (desk.AsProvider(), $"/visits/{desk.Desk.Visit}/note");
        await BegunAsync(desk, desk.Desk.Visit);
        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, path, 1, ("sections[0].text", "Half a thought"), ("act", "save"))).StatusCode);
        var saved = await NotesDesk.PostAsync(mine, path, 2, ("sections[0].text", "A whole thought"), ("act", "auto"));
        Assert.Equal(3, (int)JsonNode.Parse(await saved.Content.ReadAsStringAsync())!["version"]!);

        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, path + "/discard", 3)).StatusCode);
        Assert.Contains("Bring it back", await NotesDesk.ShownAsync(mine, path), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await NotesDesk.PostAsync(mine, path, 4, ("sections[0].text", "Lost"))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, path + "/restore", 4)).StatusCode);
        Assert.Contains("A whole thought", await NotesDesk.ShownAsync(mine, path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CHT_1_Copied_text_is_marked_until_touched_confirmed_when_signed_untouched_and_the_mark_stays()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var mine = desk.AsProvider();
        await BegunAsync(desk, desk.Desk.Visit);
        var first = await NotesDesk.SendAsync(mine, HttpMethod.Post, $"/api/v1/visits/{desk.Desk.Visit}/note/signature", Words("Old history\n\nOld habit", "Old finding", "", "Old plan"), 1);
        var next = (string)(await desk.Desk.Scheduling.BookedAsync("2026-03-10", "10:00"))["id"]!;
        var note = $"/api/v1/visits/{next}/note";
        await BegunAsync(desk, next, "DAP");   // has no Subjective: the heading becomes a section of its own

        Assert.Equal((422, "scribe.nothing-to-copy"), Told(await NotesDesk.SendAsync(mine, HttpMethod.Post, note + "/copies", new { headings = Array.Empty<string>() }, 1)));
        Assert.Equal(3, (int)(await NotesDesk.SendAsync(mine, HttpMethod.Post, note + "/copies", new { headings = new[] { "Subjective", "Plan" } }, 1)).Body["untouched"]!);
        var page = await NotesDesk.ShownAsync(mine, $"/visits/{next}/note");
        Assert.Contains("3 copied paragraphs are as they were", page, StringComparison.Ordinal);
        Assert.Equal(3, page.Split("Copied, not touched").Length - 1);
        Assert.Equal(0, (int)(await NotesDesk.PostAsync(mine, $"/visits/{next}/note/copy/undo", 2) is { StatusCode: HttpStatusCode.SeeOther } ? (await NotesDesk.JsonAsync(mine, note))["copied"]!.AsArray().Count : -1));
        await NotesDesk.SendAsync(mine, HttpMethod.Post, note + "/copies", new { headings = new[] { "Subjective", "Plan" } }, 3);

        var copied = (await NotesDesk.JsonAsync(mine, note))["copied"]!.AsArray().Select(it => (string)it!["original"]!).ToList();
        Assert.Equal(["Old plan", "Old history", "Old habit"], copied);
        var typed = new { sections = new[] { new { text = "New data" } }, copied = new object[] { new { text = "Old plan" }, new { text = "Old history, worse" }, new { text = "Old habit", isKept = true } } };
        var refused = await NotesDesk.SendAsync(mine, HttpMethod.Post, note + "/signature", typed, 4);
        Assert.Equal((409, "scribe.copied-untouched", 1), ((int)refused.Status, (string)refused.Body["code"]!, (int)refused.Body["untouched"]!));
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from visit_note"));
        var signed = await NotesDesk.SendAsync(mine, HttpMethod.Post, note + "/signature", new { typed.sections, typed.copied, confirmsCopied = true }, 4);
        Assert.Equal(200, signed.Status);

        var sections = (await NotesDesk.JsonAsync(mine, $"/api/v1/notes/{signed.Body["noteId"]}"))["now"]!["sections"]!.AsArray();
        var marks = sections.SelectMany(it => it!["copied"]?.AsArray().Select(copy => ((string)copy!["text"]!, (bool)copy["isTouched"]!, (string)copy["noteId"]!)) ?? []).ToList();
        var source = (string)first.Body["noteId"]!;
        Assert.Equal([("Old plan", false, source), ("Old history, worse", true, source), ("Old habit", true, source)], marks);
        var shown = await NotesDesk.ShownAsync(mine, $"/notes/{signed.Body["noteId"]}");
        Assert.Contains("Copied, not changed", shown, StringComparison.Ordinal);
        Assert.Contains("not changed: 1 paragraph, confirmed by", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CHT_4_The_drafter_writes_in_the_template_of_the_visits_kind_and_loses_nothing()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var plain = Drafting.BuiltInDrafter.Write(Transcripts.TranscriptParser.Parse(SampleVisits.Knee).Value).Statements.Select(it => it.Text).Order().ToList();
        await NotesDesk.ChooseAsync(desk.Desk, "SOAP");

        var draft = await desk.Desk.DraftedAsync(SampleVisits.Knee);

        var statements = draft["statements"]!.AsArray();
        Assert.Empty(statements.Select(it => (string)it!["section"]!).Except(["Subjective", "Objective", "Assessment", "Plan"]));
        Assert.Equal(plain.Count, statements.Count);
        Assert.All(statements, it => Assert.NotEmpty(it!["citations"]!.AsArray()));
        Assert.Contains(statements, it => (string)it!["section"]! == "Plan");
    }

    [Fact]
    public async Task CHT_1_Templates_and_snippets_are_kept_by_the_clinic_and_a_persons_own_snippets_by_themselves()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var (mine, admin) = (desk.AsProvider(), desk.Clinic.As(ClinicRole.Admin));
        var form = new { name = "Wound", sections = new object[] { new { heading = "Wound", prompt = "Size, edges" }, new { heading = " " } } };
        var added = await NotesDesk.SendAsync(admin, HttpMethod.Post, "/api/v1/note-templates", form);
        Assert.Equal(201, added.Status);
        Assert.Equal((409, "notes.template-taken"), Told(await NotesDesk.SendAsync(mine, HttpMethod.Post, "/api/v1/note-templates", form)));
        Assert.Equal((422, "notes.invalid-template"), Told(await NotesDesk.SendAsync(mine, HttpMethod.Post, "/api/v1/note-templates", new { name = "Empty", sections = Array.Empty<object>() })));
        Assert.Equal(204, (await NotesDesk.SendAsync(mine, HttpMethod.Put, $"/api/v1/note-templates/{added.Body["id"]}", form, 1)).Status);
        Assert.Equal(412, (await NotesDesk.SendAsync(mine, HttpMethod.Put, $"/api/v1/note-templates/{added.Body["id"]}", form, 1)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await desk.Clinic.As(ClinicRole.FrontDesk).GetAsync("/settings/note-templates")).StatusCode);

        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, "/snippets", null, ("word", "mine"), ("words", "My own words"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await NotesDesk.PostAsync(mine, "/snippets", null, ("word", ".mine"), ("words", "Again"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await NotesDesk.PostAsync(mine, "/snippets", null, ("word", "No way"), ("words", "x"))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, "/snippets", null, ("word", "ours"), ("words", "Everybody's words"), ("isOfClinic", "true"))).StatusCode);
        var seen = await NotesDesk.ShownAsync(desk.AsColleague(), "/snippets");
        Assert.Contains("Everybody's words", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("My own words", seen, StringComparison.Ordinal);
        var own = await desk.Clinic.OneAsync<Guid>("select id from snippet where word = 'mine'");
        Assert.Equal(HttpStatusCode.NotFound, (await NotesDesk.PostAsync(desk.AsColleague(), $"/snippets/{own}/remove")).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, $"/snippets/{own}/remove")).StatusCode);
    }

    private static (int, string?) Told((int Status, JsonNode Body) answer) => (answer.Status, (string?)answer.Body["code"]);

    private static (int, int) Version((int Status, JsonNode Body) answer) => (answer.Status, (int)answer.Body["version"]!);
}
