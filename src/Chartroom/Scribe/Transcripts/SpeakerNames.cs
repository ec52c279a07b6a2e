namespace Chartroom.Scribe.Transcripts;

/// <summary>Which side of the desk a label speaks for.</summary>
internal static class SpeakerNames
{
    private static readonly HashSet<string> Clinician = new(StringComparer.OrdinalIgnoreCase)
    {
        "doctor", "doc", "dr", "d", "physician", "clinician", "provider", "md", "do", "np", "pa", "nurse", "therapist", "surgeon", "gp",
        "arzt", "médico", "medico", "doctora", "médecin",
    };

    private static readonly HashSet<string> Patient = new(StringComparer.OrdinalIgnoreCase) { "patient", "pt", "p", "client", "paciente",
        "patientin" };

    private static readonly HashSet<string> Guest = new(StringComparer.OrdinalIgnoreCase)
    {
        "patient_guest", "guest", "visitor", "family", "caregiver", "carer", "mother", "mom", "father", "dad", "wife", "husband", "spouse",
        "partner", "daughter",
        "son", "sister", "brother", "interpreter",
    };

    /// <summary>Unknown for anything but a role word or a titled doctor ("Dr. Smith").</summary>
    public static Speaker Role(string label)
    {
        var name = label.Trim().TrimEnd('.');
        if (Clinician.Contains(name)) return Speaker.Clinician;
        if (Patient.Contains(name)) return Speaker.Patient;
        if (Guest.Contains(name.Replace(' ', '_')) || name.StartsWith("patient_guest",
            StringComparison.OrdinalIgnoreCase)) return Speaker.Guest;
        var first = name.Split(' ', '.')[0];
        return first.Equals("dr", StringComparison.OrdinalIgnoreCase) || first.Equals("doctor", StringComparison.OrdinalIgnoreCase)
            ? Speaker.Clinician
            : first.Equals("patient", StringComparison.OrdinalIgnoreCase) ? Speaker.Patient : Speaker.Unknown;
    }

    /// <summary>"Speaker 1", "SPEAKER_00", "S2": a voice told apart but not named.</summary>
    public static bool IsNumbered(string label) =>
        char.IsAsciiDigit(label[^1]) && (label.StartsWith("speaker", StringComparison.OrdinalIgnoreCase) || label.StartsWith("spk",
            StringComparison.OrdinalIgnoreCase)
            || label.Length <= 3 && label[0] is 'S' or 's');
}
