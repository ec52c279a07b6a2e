namespace Chartroom.Bench;

/// <summary>What <c>bench load</c> is told.</summary>
public sealed record LoadSettings
{
    /// <summary>Where the program runs.</summary>
    public required Uri Url { get; init; }

    /// <summary>Account of a provider of the clinic to measure on.</summary>
    public required string Email { get; init; }

    /// <summary>Its password.</summary>
    public required string Password { get; init; }

    /// <summary>Secret of its authenticator app, Base32.</summary>
    public required string TotpSecret { get; init; }

    /// <summary>Connections that ask at once. Default 8.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>Length of one drive. Default ten seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);
}
