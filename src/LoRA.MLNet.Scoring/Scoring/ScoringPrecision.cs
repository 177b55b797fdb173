namespace LoRA.MLNet;

/// <summary>The arithmetic that scoring multiplies matrices in.</summary>
public enum ScoringPrecision
{
    /// <summary>32-bit floats: the scores that training saw.</summary>
    Float32,

    /// <summary>
    /// 8-bit integers: weights rounded once per output feature, activations as they come (dynamic quantisation). Several times faster where
    /// the processor multiplies bytes (AVX-VNNI, AMX) and a quarter of the memory, at a cost in accuracy that
    /// <see cref="LoraTextTransformer.Quantize"/> measures. Rows that are scored together share the scale of their activations, so that a score
    /// depends slightly on its neighbours.
    /// </summary>
    Int8,
}
