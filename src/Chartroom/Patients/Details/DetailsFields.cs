using System.Reflection;
using System.Text.Json;

namespace Chartroom.Patients;

/// <summary>The details field by field, named as forms and the API name them: <c>contact.mobile</c>. Pure.</summary>
internal static class DetailsFields
{
    /// <summary>All fields with their values as text, in the order of the form; an absent one is null.</summary>
    public static IReadOnlyDictionary<string, string?> Of(PatientDetails details)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        Collect(typeof(PatientDetails), details, "", fields);
        return fields;
    }

    /// <summary>Names of the fields whose values differ.</summary>
    public static IReadOnlyList<string> Differing(PatientDetails one, PatientDetails other)
    {
        var (here, there) = (Of(one), Of(other));
        return [.. here.Keys.Where(field => (here[field] ?? "") != (there[field] ?? ""))];
    }

    /// <summary>What a field is called on the form.</summary>
    public static string Label(string field) => field switch
    {
        "name.given" => "First name",
        "name.middle" => "Middle names",
        "name.family" => "Last name",
        "name.suffix" => "Suffix",
        "name.nickname" => "Goes by",
        "name.former" => "Former name",
        "birthDate" => "Date of birth",
        "sex" => "Sex",
        "contact.mobile" => "Mobile telephone",
        "contact.home" => "Home telephone",
        "contact.work" => "Work telephone",
        "contact.email" => "E-mail",
        "facts.language" => "Language",
        "facts.pronouns" => "Pronouns",
        "facts.genderIdentity" => "Gender identity",
        "facts.interpreter" => "Interpreter",
        "facts.deskAlert" => "Alert",
        "facts.socialSecurityNumber" => "Social security number",
        "facts.otherRecordNumber" => "Number in a former system",
        _ when field.StartsWith("address.", StringComparison.Ordinal) => "Address",
        _ when field.StartsWith("emergency.", StringComparison.Ordinal) => "Emergency contact",
        _ => "Insurance",
    };

    private static void Collect(Type type, object? value, string prefix, Dictionary<string, string?> fields)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var held = value is null ? null : property.GetValue(value);
            if (property.PropertyType == typeof(string) || property.PropertyType == typeof(Sex?)) fields[name] = held?.ToString();
            else Collect(property.PropertyType, held, name + ".", fields);
        }
    }
}
