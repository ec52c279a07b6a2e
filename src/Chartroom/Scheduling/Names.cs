namespace Chartroom.Scheduling;

/// <summary>Enum members as the database and the API spell them.</summary>
internal static class Names
{
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
