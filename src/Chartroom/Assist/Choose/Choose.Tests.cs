using System.Net;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Assist;

public sealed class ChooseTests
{
    [Fact]
    public async Task AI_7_An_administrator_turns_an_outside_model_on_knowing_what_leaves_and_off_again_and_its_key_is_never_shown()
    {
        await using var clinic = await TestClinic.OpenAsync(settings: ["--Assist:AllowLoopback=true"]);
        await using var model = await ModelDouble.StartAsync();
        using var admin = clinic.As(ClinicRole.Admin);
        var before = await admin.GetStringAsync("/settings/assistant/visit-notes");
        Assert.Contains("Nothing leaves this server", before, StringComparison.Ordinal);
        Assert.Contains("names of the patient", before, StringComparison.Ordinal);
        Assert.Contains("\"provider\":\"built-in\"", await admin.GetStringAsync("/api/v1/assistant/visit-notes"), StringComparison.Ordinal);

        await model.TurnOnAsync(clinic);

        var after = await admin.GetStringAsync("/settings/assistant/visit-notes") + await admin.GetStringAsync("/api/v1/assistant/visit-notes");
        Assert.Contains("Anthropic Claude", after, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-test-key", after, StringComparison.Ordinal);
        Assert.Equal("claude-test-1", await clinic.OneAsync<string>("select model from assist_choice where is_on and encode(api_key, 'escape') not like '%sk-test%'"));
        await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.System), Permission.ManageClinic, default))
            Assert.Equal("sk-test-key", (await Assistant.ChosenAsync(tx, AssistFeature.VisitNotes, default))!.Key);   // turned on above
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => clinic.RawAsync<byte[]>(ClinicRole.Provider, "select api_key from assist_choice"));

        using var stale = model.Form();
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.PostAsync("/settings/assistant/visit-notes", stale)).StatusCode);
        using var elsewhere = model.Form(AssistProvider.Anthropic, ("version", "1"), ("key", ""), ("endpoint", "https://elsewhere.example"));
        Assert.Contains("Put in the key", await (await admin.PostAsync("/settings/assistant/visit-notes", elsewhere)).Content.ReadAsStringAsync(), StringComparison.Ordinal);   // the key goes to no other address
        using var other = model.Form(AssistProvider.OpenAi, ("version", "1"), ("key", ""));
        Assert.Equal(HttpStatusCode.SeeOther, (await admin.PostAsync("/settings/assistant/visit-notes", other)).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/v1/assistant/visit-notes")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.DeleteAsync("/api/v1/assistant/visit-notes")).StatusCode);
        Assert.Equal((false, true, 3), await clinic.OneAsync<(bool, bool, int)>("select is_on, api_key is null, version from assist_choice"));
        Assert.Equal(["assistant.turned_on", "assistant.turned_on", "assistant.turned_off"], await clinic.RowsAsync<string>("select action from audit_event where action like 'assistant.turned%' and outcome = 'done' order by at, id"));
        Assert.Equal(0, model.Connections);   // choosing asks nobody
    }

    private static readonly (string Field, string Value)[] Wrong =
    [
        ("endpoint", "http://models.example/v1"), ("endpoint", "https://127.0.0.1/v1"), ("endpoint", "https://10.0.0.8"), ("endpoint", "https://[::1]/"),
        ("endpoint", "http://127.0.0.1:11434/v1"), ("endpoint", "https://169.254.169.254/latest"), ("endpoint", "https://models.example:8443/v1"), ("endpoint", "https://u:p@models.example/"),
        ("endpoint", "https://models.example/v1?to=x"), ("model", ""), ("model", "two words"), ("key", ""),
        ("key", "two words"), ("region", "eu"), ("region", ""), ("priceIn", "-1"),
        ("priceOut", "much"), ("currency", "XXX"), ("hasAgreement", ""), ("provider", "other"),
    ];

    [Fact]
    public async Task AI_7_What_may_not_be_asked_is_not_turned_on_and_its_field_says_why()
    {
        await using var clinic = await TestClinic.OpenAsync();   // the host allows nothing on this machine
        await using var model = await ModelDouble.StartAsync();
        using var admin = clinic.As(ClinicRole.Admin);
        foreach (var (field, value) in Wrong)
        {
            using var form = model.Form(AssistProvider.Anthropic, ("endpoint", "https://models.example"), (field, value));
            using var answer = await admin.PostAsync("/settings/assistant/visit-notes", form);
            Assert.Equal((field, value, HttpStatusCode.UnprocessableEntity), (field, value, answer.StatusCode));
            Assert.Contains($"{field}-error", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from assist_choice"));
    }

    [Fact]
    public async Task AI_7_Only_an_administrator_with_a_fresh_proof_turns_it_on()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var model = await ModelDouble.StartAsync();
        foreach (var role in new[] { ClinicRole.Provider, ClinicRole.FrontDesk })
        {
            using var other = clinic.As(role);
            using var refused = model.Form();
            Assert.Equal(HttpStatusCode.Forbidden, (await other.PostAsync("/settings/assistant/visit-notes", refused)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/settings/assistant/visit-notes")).StatusCode);
        }
        clinic.Clock.Advance(TimeSpan.FromMinutes(6));
        using var admin = clinic.As(ClinicRole.Admin);
        using var late = model.Form(AssistProvider.Anthropic, ("endpoint", "https://models.example"));
        var answer = await admin.PostAsync("/settings/assistant/visit-notes", late);
        Assert.Equal((HttpStatusCode.Forbidden, 0L), (answer.StatusCode, await clinic.OneAsync<long>("select count(*) from assist_choice")));
        Assert.Contains("Show that it is you", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
