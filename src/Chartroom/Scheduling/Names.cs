namespace Chartroom.Scheduling;

/// <summary>Enum members as the database and the API spell them.</summary>
internal static class Names
{
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The member of that name.</summary>
    public static TEnum Parse<TEnum>(string name) where TEnum : struct, Enum => Array.Find(Enum.GetValues<TEnum>(), value => Of(value) == name);
}
