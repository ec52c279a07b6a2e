using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chartroom;

/// <summary>A key of one kind of thing: a UUIDv7 made in C#, so keys sort by creation and no id of a patient passes for one of a visit.</summary>
public interface IId
{
    /// <summary>The bare key.</summary>
    Guid Value { get; }
}

/// <inheritdoc cref="IId"/>
public interface IId<TSelf> : IId where TSelf : struct, IId<TSelf>
{
    /// <summary>Names a key read from the database or a request.</summary>
    static abstract TSelf From(Guid value);
}

/// <summary>A clinic, that is, a tenant.</summary>
[JsonConverter(typeof(IdJson<ClinicId>))]
public readonly record struct ClinicId(Guid Value) : IId<ClinicId>
{
    /// <inheritdoc/>
    public static ClinicId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static ClinicId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out ClinicId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A human being with an account; the same in every clinic.</summary>
[JsonConverter(typeof(IdJson<PersonId>))]
public readonly record struct PersonId(Guid Value) : IId<PersonId>
{
    /// <inheritdoc/>
    public static PersonId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static PersonId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out PersonId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A patient of one clinic.</summary>
[JsonConverter(typeof(IdJson<PatientId>))]
public readonly record struct PatientId(Guid Value) : IId<PatientId>
{
    /// <inheritdoc/>
    public static PatientId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static PatientId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out PatientId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>Someone who works at one clinic; mirrors the person inside the clinic's own schema.</summary>
[JsonConverter(typeof(IdJson<StaffId>))]
public readonly record struct StaffId(Guid Value) : IId<StaffId>
{
    /// <inheritdoc/>
    public static StaffId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static StaffId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out StaffId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A planned visit.</summary>
[JsonConverter(typeof(IdJson<AppointmentId>))]
public readonly record struct AppointmentId(Guid Value) : IId<AppointmentId>
{
    /// <inheritdoc/>
    public static AppointmentId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static AppointmentId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out AppointmentId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A place where a clinic sees patients.</summary>
[JsonConverter(typeof(IdJson<LocationId>))]
public readonly record struct LocationId(Guid Value) : IId<LocationId>
{
    /// <inheritdoc/>
    public static LocationId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static LocationId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out LocationId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A room of a location.</summary>
[JsonConverter(typeof(IdJson<RoomId>))]
public readonly record struct RoomId(Guid Value) : IId<RoomId>
{
    /// <inheritdoc/>
    public static RoomId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static RoomId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out RoomId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A thing of a location that only one visit can have at a time.</summary>
[JsonConverter(typeof(IdJson<DeviceId>))]
public readonly record struct DeviceId(Guid Value) : IId<DeviceId>
{
    /// <inheritdoc/>
    public static DeviceId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static DeviceId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out DeviceId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A kind of visit a clinic offers.</summary>
[JsonConverter(typeof(IdJson<VisitTypeId>))]
public readonly record struct VisitTypeId(Guid Value) : IId<VisitTypeId>
{
    /// <inheritdoc/>
    public static VisitTypeId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static VisitTypeId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out VisitTypeId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>One entry of a chart: a note, a vital, a medication and so on.</summary>
[JsonConverter(typeof(IdJson<EntryId>))]
public readonly record struct EntryId(Guid Value) : IId<EntryId>
{
    /// <inheritdoc/>
    public static EntryId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static EntryId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out EntryId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>Text form of keys: the plain UUID, any case, with hyphens.</summary>
public static class IdText
{
    /// <summary>False, and no exception, for whatever is not a UUID.</summary>
    public static bool TryParse<TId>(string? text, out TId id) where TId : struct, IId<TId>
    {
        var ok = Guid.TryParseExact(text, "D", out var value);
        id = ok ? TId.From(value) : default;
        return ok;
    }
}

/// <summary>A key in JSON is its UUID as a string.</summary>
public sealed class IdJson<TId> : JsonConverter<TId> where TId : struct, IId<TId>
{
    /// <inheritdoc/>
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TId.From(reader.GetGuid());
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    /// <inheritdoc/>
    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TId.From(Guid.Parse(reader.GetString()!));
    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value.ToString("D"));
}
