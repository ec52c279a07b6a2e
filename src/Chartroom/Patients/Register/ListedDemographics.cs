using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chartroom.Patients;

/// <summary>What a list shows of the demographic record. A day has hundreds of names, so the rest of each document is passed over unread.</summary>
internal sealed record ListedDemographics
{
    public IReadOnlyList<PersonName> Names { get; init; } = [];
    public PartialTime? BirthDate { get; init; }
    public Sex Sex { get; init; }
    public IReadOnlyList<ContactPoint> Telecoms { get; init; } = [];
    public bool IsDeceased { get; init; }
    public string? Interpreter { get; init; }
    public string? DeskAlert { get; init; }

    public static ListedDemographics Of(Demographics patient) => new()
    {
        Names = patient.Names, BirthDate = patient.BirthDate, Sex = patient.Sex, Telecoms = patient.Telecoms, IsDeceased = patient.IsDeceased,
        Interpreter = patient.Interpreter, DeskAlert = patient.DeskAlert,
    };

    /// <summary>Reads it from the document as it was sealed.</summary>
    public static ListedDemographics Read(ReadOnlySpan<byte> document) =>
        JsonSerializer.Deserialize(document, ListedJson.Sealed.ListedDemographics) ?? throw new JsonException("A patient's document is empty.");
}

/// <summary>The form in which a patient's document is sealed, as <see cref="Platform.Vault.PatientKey"/> writes it.</summary>
[JsonSerializable(typeof(ListedDemographics))]
internal sealed partial class ListedJson : JsonSerializerContext
{
    public static ListedJson Sealed => Made.Context;

    /// <summary>A class of its own: the generated half has static fields too, and C# does not say whose are set first.</summary>
    private static class Made
    {
        public static readonly ListedJson Context = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        });
    }
}
