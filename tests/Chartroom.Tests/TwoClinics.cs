namespace Chartroom;

/// <summary>Two clinics for tests that only look, or that give up what they did: made once for a class.</summary>
public sealed class TwoClinics : IAsyncLifetime
{
    public TestClinic Ours { get; private set; } = null!;   // set before any test begins

    public TestClinic Theirs { get; private set; } = null!;   // likewise

    public async Task InitializeAsync() => (Ours, Theirs) = (await TestClinic.OpenAsync(), await TestClinic.OpenAsync());

    public async Task DisposeAsync()
    {
        await Ours.DisposeAsync();
        await Theirs.DisposeAsync();
    }
}
