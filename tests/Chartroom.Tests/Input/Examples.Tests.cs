using Chartroom.Isolation;

namespace Chartroom.Input;

public sealed class ExamplesTests
{
    private const string NeedsADevice = "a browser's key has to sign: PasskeyJourney";
    private const string NeedsAModel = "ends what only an outside model begins: tests of Assist";
    private const string NeedsAProgram = "the picture is made anew by a program of its own: ProfileTests";

    /// <summary>Operations that no example of ours is taken by, each with where it is tried instead.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["POST /api/v1/account/passkeys"] = NeedsADevice,
        ["POST /api/v1/account/passkeys/options"] = NeedsADevice,
        ["DELETE /api/v1/account/passkeys/{id}"] = NeedsADevice,
        ["POST /api/v1/sessions/current/passkey"] = NeedsADevice,
        ["POST /api/v1/sessions/current/passkey/options"] = NeedsADevice,
        ["DELETE /api/v1/assistant/visit-notes"] = NeedsAModel,
        ["DELETE /api/v1/assistant/chart-summary"] = NeedsAModel,
        ["DELETE /api/v1/assistant/transcription"] = NeedsAModel,
        ["PUT /api/v1/account/photo"] = NeedsAProgram,
        ["DELETE /api/v1/account/photo"] = NeedsAProgram,
        ["POST /api/v1/clinic/agreement"] = "a clinic signs once, and nothing works before: OnboardingTests",
        ["POST /api/v1/sign-ups/verify"] = "makes a clinic: ProvisioningTests kill it at every statement",
    };

    [Fact]
    public async Task AUD_1_Every_operation_that_changes_something_has_an_example_that_is_taken_or_says_where_it_is_tried()
    {
        await using var examples = await Examples.OpenAsync();
        var right = examples.All.Concat(examples.Acts).Where(it => it.IsTaken).Select(it => it.Name).ToHashSet();
        var changing = (await SweptRoute.AllAsync(examples.Clinic)).Where(it => it.IsApi && it.IsWrite).Select(it => it.Name).ToList();

        Assert.True(changing.Count > 180, $"{changing.Count} operations: the rule has stopped looking.");
        Assert.Equal("", string.Join('\n', changing.Where(it => !right.Contains(it) && !Elsewhere.ContainsKey(it)).Order()));
        Assert.Equal("", string.Join('\n', Elsewhere.Keys.Where(it => right.Contains(it) || !changing.Contains(it))));   // a reason for nothing
    }
}
