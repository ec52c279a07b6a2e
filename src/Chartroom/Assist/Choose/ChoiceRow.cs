using Chartroom.Platform.Vault;

namespace Chartroom.Assist;

/// <summary>A row of <c>assist_choice</c>, or as much of it as was asked for.</summary>
internal sealed record ChoiceRow
{
    public Guid RowId { get; init; }
    public string Provider { get; init; } = "";
    public string Endpoint { get; init; } = "";
    public string Model { get; init; } = "";
    public byte[]? ApiKey { get; init; }
    public string Region { get; init; } = "";
    public decimal PriceIn { get; init; }
    public decimal PriceOut { get; init; }
    public string Currency { get; init; } = "";
    public bool IsOn { get; init; }
    public int Version { get; init; }
    public string ChangedBy { get; init; } = "";
    public DateTimeOffset ChangedAt { get; init; }

    public AssistProvider ProviderNow => AssistChoice.ProviderOf(Provider);

    public static Cell CellOf(Guid row) => new("assist_choice", "api_key", row);
}
