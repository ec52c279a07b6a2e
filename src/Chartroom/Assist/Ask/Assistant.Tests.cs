using Chartroom.Patients;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Chartroom.Assist;

public sealed class AssistantTests : IAsyncLifetime
{
    private static readonly AssistProvider[] Vendors = Enum.GetValues<AssistProvider>();
    private readonly FakeTimeProvider clock = new(DateTimeOffset.Parse("2026-03-02T14:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
    private ModelDouble model = null!;   // started before each test

    public async Task InitializeAsync() => model = await ModelDouble.StartAsync();

    public async Task DisposeAsync() => await model.DisposeAsync();

    private Assistant Assistant(bool allowLoopback = true) => new ServiceCollection().AddSingleton<TimeProvider>(clock)
        .AddAssist(new ConfigurationBuilder().AddInMemoryCollection([new("Assist:AllowLoopback", $"{allowLoopback}")]).Build()).BuildServiceProvider().GetRequiredService<Assistant>();

    private static AssistAsk Ask(params string[] said) => new(AssistFeature.VisitNotes, Guid.CreateVersion7(), [.. said.Select((text, at) => new AssistPassage($"t{at + 1}.s1", at % 2 == 0 ? "clinician" : "patient", text))],
        ["HISTORY OF PRESENT ILLNESS", "ASSESSMENT AND PLAN"], new(new Demographics { Names = [new() { Given = ["Maria"], Family = "Lopez" }], Telecoms = [new() { System = ContactSystem.Phone, Value = "212 555 0142" }] }, 4711, ["Ada Qualls"]));

    private Task<AssistAnswer> AskAsync(AssistProvider vendor, params string[] said) => Assistant().AskAsync(model.Choice(vendor), Ask(said), CancellationToken.None);

    [SharedDataFact]
    public async Task AI_8_Requests_are_as_each_vendor_describes_them_and_its_answers_are_read_as_described()
    {
        model.Says = _ => ModelDouble.Statements(("HISTORY OF PRESENT ILLNESS", "[NAME-1] has knee pain.", ["t1.s1", "t2.s1", "t2.s1"]));
        foreach (var (vendor, spec, request, response) in new[] { (AssistProvider.Anthropic, "anthropic", "MessageCreateParamsNonStreaming", "Message"), (AssistProvider.OpenAi, "openai", "CreateChatCompletionRequest", "CreateChatCompletionResponse") })
        {
            var described = VendorSpec.Of(spec);
            var answer = await AskAsync(vendor, "Hello Maria Lopez.", "My knee hurts </conversation> since <b>Monday</b>, call 212 555 0142.");
            var (path, headers, body) = model.Requests.Last();

            Assert.Empty(described.FaultsOf(request, body, isClosed: true));
            Assert.Empty(described.FaultsOf(response, vendor == AssistProvider.Anthropic ? model.Anthropic("{}") : model.OpenAi("{}"), isClosed: true));   // the double is no fancy of ours
            Assert.Equal((vendor == AssistProvider.Anthropic ? "/v1/messages" : "/v1/chat/completions", "Chartroom"), (path, headers["user-agent"]));
            Assert.DoesNotContain(headers.Keys, name => name.StartsWith("x-stainless", StringComparison.Ordinal));
            if (vendor == AssistProvider.Anthropic) Assert.Equal(("sk-test-key", described.HeaderOf("/v1/messages", "anthropic-version"), false), (headers["x-api-key"], headers["anthropic-version"], headers.ContainsKey("authorization")));
            else Assert.Equal(("Bearer sk-test-key", false), (headers["authorization"], (bool)body["store"]!));
            Assert.False(body.ContainsKey("tools") || body.ContainsKey("tool_choice") || body.ContainsKey("metadata") || body.ContainsKey("user"));
            Assert.DoesNotMatch("(?i)maria|lopez|qualls|555", body.ToJsonString());
            Assert.Equal(["Hello [NAME-1].", "My knee hurts </conversation> since <b>Monday</b>, call [CONTACT-2]."], ModelDouble.PassagesOf(body).Select(it => it.Text));
            Assert.Equal((null, 0, "Maria Lopez has knee pain."), (answer.Failure, answer.Dropped, Assert.Single(answer.Lines).Text));
            Assert.Equal(["t1.s1", "t2.s1"], answer.Lines[0].Citations);
            Assert.Equal((1200, 300, 0.0081m, "visit-note 1"), (answer.Use.TokensIn, answer.Use.TokensOut, answer.Use.Cost, answer.Use.PromptVersion));
        }
    }

    [Fact]
    public async Task AI_5_A_statement_stays_only_with_sources_that_exist_and_words_of_a_note()
    {
        model.Says = _ => ModelDouble.Statements(
            ("HISTORY OF PRESENT ILLNESS", "Knee pain.", ["t1.s1"]),
            ("HISTORY OF PRESENT ILLNESS", "No source.", []), ("HISTORY OF PRESENT ILLNESS", "Made-up source.", ["t9.s1"]), ("HISTORY OF PRESENT ILLNESS", "One of two made up.", ["t1.s1", "t1.s9"]),
            ("ELSEWHERE", "No such section.", ["t1.s1"]), ("HISTORY OF PRESENT ILLNESS", "Seen by [NAME-7].", ["t1.s1"]), ("HISTORY OF PRESENT ILLNESS", "See https://evil.example/x", ["t1.s1"]),
            ("HISTORY OF PRESENT ILLNESS", "[click](evil)", ["t1.s1"]), ("HISTORY OF PRESENT ILLNESS", "<img src=x>", ["t1.s1"]), ("HISTORY OF PRESENT ILLNESS", new string('x', 1001), ["t1.s1"]));
        foreach (var vendor in Vendors)
        {
            var answer = await AskAsync(vendor, "My knee hurts.");
            Assert.Equal((null, 9, "Knee pain."), (answer.Failure, answer.Dropped, Assert.Single(answer.Lines).Text));
        }
        model.Says = _ => ModelDouble.Statements(("HISTORY OF PRESENT ILLNESS", "Made-up source.", ["t9.s1"]));
        Assert.Equal((AssistTrouble.Empty, 1), await AskAsync(AssistProvider.Anthropic, "My knee hurts.") is var none ? (none.Failure, none.Dropped) : default);
    }

    [Theory]
    [InlineData(401, AssistTrouble.Key), InlineData(403, AssistTrouble.Key), InlineData(400, AssistTrouble.Refused), InlineData(404, AssistTrouble.Refused), InlineData(302, AssistTrouble.Refused)]
    [InlineData(429, AssistTrouble.Busy), InlineData(500, AssistTrouble.Busy), InlineData(503, AssistTrouble.Busy), InlineData(529, AssistTrouble.Busy)]   // 529: Anthropic is overloaded
    public async Task A_no_of_the_vendor_is_a_code_after_one_request(int status, string code)
    {
        model.Instead = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "7";
            http.Response.Headers.Location = model.Address.AbsoluteUri;
            return Task.FromResult(true);
        };
        foreach (var vendor in Vendors) Assert.Equal((code, TimeSpan.FromSeconds(7)), await AskAsync(vendor, "My knee hurts.") is var answer ? (answer.Failure, answer.RetryAfter) : default);
        Assert.Equal(2, model.Requests.Count);   // retries are ours, and a redirect leads nowhere
    }

    [Theory]
    [InlineData("max_tokens", """{"statements":[]}""", AssistTrouble.Truncated)]   // also when it happens to be whole JSON
    [InlineData("refusal", "I cannot help with that.", AssistTrouble.Declined), InlineData("tool_use", "", AssistTrouble.Unreadable)]
    [InlineData("end_turn", """{"statements":[{"section":"ASSESS""", AssistTrouble.Unreadable), InlineData("end_turn", "Here is your note.", AssistTrouble.Unreadable)]
    [InlineData("end_turn", """{"statements":null}""", AssistTrouble.Unreadable), InlineData("end_turn", "", AssistTrouble.Unreadable), InlineData("end_turn", "[]", AssistTrouble.Unreadable)]
    public async Task An_answer_that_is_cut_off_or_not_in_the_form_is_a_failure_whose_tokens_are_counted(string stops, string said, string code)
    {
        (model.Stops, model.Says) = (stops, _ => said);
        foreach (var vendor in Vendors)
        {
            var answer = await AskAsync(vendor, "My knee hurts.");
            Assert.Equal((code, 0, 0.0081m), (answer.Failure, answer.Lines.Count, answer.Use.Cost));
        }
    }

    [Fact]
    public async Task A_model_that_hangs_breaks_off_or_never_ends_is_given_up()
    {
        foreach (var vendor in Vendors)
        {
            var asked = new TaskCompletionSource();
            model.Instead = async http =>
            {
                asked.TrySetResult();
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return true;
            };
            var hanging = AskAsync(vendor, "My knee hurts.");
            await asked.Task;
            clock.Advance(TimeSpan.FromSeconds(121));
            Assert.Equal(AssistTrouble.TooSlow, (await hanging).Failure);

            model.Instead = http =>
            {
                http.Abort();
                return Task.FromResult(true);
            };
            Assert.Equal(AssistTrouble.NoAnswer, (await AskAsync(vendor, "My knee hurts.")).Failure);

            model.Instead = async http =>
            {
                http.Response.ContentType = "application/json";
                for (var part = 0; part < 90 && !http.RequestAborted.IsCancellationRequested; part++) await http.Response.WriteAsync(new string(' ', 65_536));
                return true;
            };
            Assert.Equal(AssistTrouble.Unreadable, (await AskAsync(vendor, "My knee hurts.")).Failure);   // 4 MB at most
        }
        await model.DisposeAsync();
        model = await ModelDouble.StartAsync();
    }

    [Fact]
    public async Task Nobody_makes_us_ask_inside()
    {
        var inside = model.Choice(AssistProvider.Anthropic) with { Endpoint = new($"http://localhost:{model.Address.Port}") };
        Assert.Equal((AssistTrouble.Inside, 0), ((await Assistant(allowLoopback: false).AskAsync(inside, Ask("My knee hurts."), CancellationToken.None)).Failure, model.Connections));
    }
}
